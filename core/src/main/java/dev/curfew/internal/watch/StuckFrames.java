package dev.curfew.internal.watch;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Knows the calls that do not react to an interrupt, and what to do about each.
 *
 * <p>Measured on JDK 25. What counts is the call that the program made: of the JDK's frames on top
 * of the stack the outermost that is known. A frame deeper than the first of the program's own says
 * nothing about why the thread is stuck.
 */
public final class StuckFrames {
    private static final Set<String> ALL = Set.of();

    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    private static final List<String> DRIVERS =
            List.of(
                    "org.h2.",
                    "org.postgresql.",
                    "org.mariadb.",
                    "com.mysql.",
                    "com.microsoft.sqlserver.",
                    "oracle.jdbc.",
                    "org.apache.derby.",
                    "org.hsqldb.",
                    "org.sqlite.");

    private static final String DRIVER =
            "it waits in a JDBC driver, which an interrupt does not end or makes drop the"
                    + " connection. Run the statement in CancelScope.onCancel(statement::cancel, ...)";

    private static final String MONITOR =
            "it waits to enter a synchronized method or block, which no interrupt ends. Whoever"
                    + " holds the monitor has to leave it; a ReentrantLock taken by lockInterruptibly()"
                    + " reacts";

    private static final String BUSY =
            "it computes, and looks for no cancellation. Call CancelScope.checkpoint() in its loop";

    private static final String NO_CARRIER =
            "it could run, but no carrier thread runs it: other virtual threads hold all of them,"
                    + " as file and process I/O, native code and long computations do. Fork such tasks"
                    + " on platform threads: Config.withThreadFactory(Thread.ofPlatform().factory())";

    /** Which threads a call holds on to. */
    private enum On {
        ANY,
        PLATFORM,
        VIRTUAL
    }

    /** Matches a class, and what is nested in it, by its methods (none given: all of them). */
    private record Rule(String type, Set<String> methods, On on, String advice) {
        boolean matches(StackTraceElement frame, boolean virtual) {
            String name = frame.getClassName();
            return name.startsWith(type)
                    && (name.length() == type.length() || name.charAt(type.length()) == '$')
                    && (methods.isEmpty() || methods.contains(frame.getMethodName()))
                    && (on == On.ANY || (on == On.VIRTUAL) == virtual);
        }
    }

    private static final String LOCK =
            "it waits for a lock in a way that no interrupt ends. Take the lock by"
                    + " lockInterruptibly()";

    private static final String JOIN =
            "it waits in join(), which no interrupt ends. Wait by get(), which reacts";

    private static final String EXECUTOR =
            "it waits in the close() of an executor, which on an interrupt calls shutdownNow() and"
                    + " goes on waiting for the executor's tasks. Those have to stop; or call"
                    + " shutdown() and awaitTermination(), which reacts";

    private static final String FILE =
            "it reads or writes a file, a pipe, System.in or a stream of a process, which no"
                    + " interrupt ends. Make the other side end it: for a process"
                    + " CancelScope.onCancel(process::destroy, ...); for System.in a daemon thread that"
                    + " hands lines to a queue";

    private static final String CHANNEL =
            "it is in a FileChannel on a virtual thread, where an interrupt waits until the call"
                    + " has ended. Fork this task on a platform thread:"
                    + " Config.withThreadFactory(Thread.ofPlatform().factory())";

    private static final String SOCKET =
            "it is in a socket call on a platform thread, which no interrupt ends. Run it in"
                    + " CancelScope.onCancel(socket::close, ...), or on a virtual thread";

    private static final String LOOKUP =
            "it looks up a host's name or address, which no interrupt ends; the resolver's own"
                    + " timeout does";

    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "java.util.concurrent.CompletableFuture", Set.of("join"), On.ANY, JOIN),
                    new Rule(
                            "java.util.concurrent.ForkJoinTask",
                            Set.of("join", "quietlyJoin", "invoke", "quietlyInvoke", "invokeAll"),
                            On.ANY,
                            JOIN),
                    new Rule(
                            "java.util.concurrent.ForkJoinPool", Set.of("close"), On.ANY, EXECUTOR),
                    new Rule("java.util.concurrent.ForkJoinPool", Set.of("invoke"), On.ANY, JOIN),
                    new Rule(
                            "java.util.concurrent.ExecutorService",
                            Set.of("close"),
                            On.ANY,
                            EXECUTOR),
                    new Rule(
                            "java.util.concurrent.ThreadPerTaskExecutor",
                            Set.of("close"),
                            On.ANY,
                            EXECUTOR),
                    new Rule(
                            "java.util.concurrent.Semaphore",
                            Set.of("acquireUninterruptibly"),
                            On.ANY,
                            "it waits in Semaphore.acquireUninterruptibly(), which no interrupt"
                                    + " ends. Use acquire()"),
                    new Rule(
                            "java.util.concurrent.Phaser",
                            Set.of("awaitAdvance", "arriveAndAwaitAdvance"),
                            On.ANY,
                            "it waits in a Phaser, which no interrupt ends. Use"
                                    + " awaitAdvanceInterruptibly()"),
                    new Rule(
                            "java.util.concurrent.locks.AbstractQueuedSynchronizer",
                            Set.of("awaitUninterruptibly"),
                            On.ANY,
                            "it waits in Condition.awaitUninterruptibly(), which no interrupt ends."
                                    + " Use await()"),
                    new Rule(
                            "java.util.concurrent.locks.ReentrantLock",
                            Set.of("lock"),
                            On.ANY,
                            LOCK),
                    new Rule(
                            "java.util.concurrent.locks.ReentrantReadWriteLock",
                            Set.of("lock"),
                            On.ANY,
                            LOCK),
                    new Rule(
                            "java.util.concurrent.locks.StampedLock",
                            Set.of("readLock", "writeLock"),
                            On.ANY,
                            "it waits for a StampedLock in a way that no interrupt ends. Use"
                                    + " readLockInterruptibly() or writeLockInterruptibly()"),
                    new Rule("java.io.FileInputStream", ALL, On.ANY, FILE),
                    new Rule("java.io.FileOutputStream", ALL, On.ANY, FILE),
                    new Rule("java.io.RandomAccessFile", ALL, On.ANY, FILE),
                    new Rule("sun.nio.ch.FileChannelImpl", ALL, On.VIRTUAL, CHANNEL),
                    new Rule("sun.nio.ch.NioSocketImpl", ALL, On.PLATFORM, SOCKET),
                    new Rule("sun.nio.ch.DatagramSocketAdaptor", ALL, On.PLATFORM, SOCKET),
                    new Rule("java.net.Inet4AddressImpl", ALL, On.ANY, LOOKUP),
                    new Rule("java.net.Inet6AddressImpl", ALL, On.ANY, LOOKUP));

    private StuckFrames() {}

    /**
     * Says why a thread does not react to an interrupt, and what to do, in one line.
     *
     * @param state the thread's state when the stack was taken
     * @param stack its stack, innermost frame first
     * @param virtual whether it is a virtual thread
     * @return the advice; empty if nothing is known about where it is
     */
    public static Optional<String> advice(
            Thread.State state, StackTraceElement[] stack, boolean virtual) {
        if (stack.length == 0) {
            return Optional.empty();
        }
        int own = firstOutsideJdk(stack);
        if (own < stack.length && startsWithOne(stack[own], DRIVERS)) {
            return Optional.of(DRIVER);
        }
        if (state == Thread.State.BLOCKED) {
            return Optional.of(MONITOR);
        }
        for (int i = own - 1; i >= 0; i--) {
            for (Rule rule : RULES) {
                if (rule.matches(stack[i], virtual)) {
                    return Optional.of(rule.advice());
                }
            }
        }
        return state == Thread.State.RUNNABLE ? running(stack[0]) : Optional.empty();
    }

    private static Optional<String> running(StackTraceElement top) {
        String type = top.getClassName();
        String method = top.getMethodName();
        if (type.equals("java.lang.Thread")
                && (method.startsWith("yield") || method.equals("onSpinWait"))) {
            return Optional.of(BUSY);
        }
        if (type.equals("java.lang.VirtualThread") || type.equals("jdk.internal.vm.Continuation")) {
            return Optional.of(NO_CARRIER);
        }
        return top.isNativeMethod() ? Optional.empty() : Optional.of(BUSY);
    }

    private static int firstOutsideJdk(StackTraceElement[] stack) {
        int i = 0;
        while (i < stack.length && startsWithOne(stack[i], JDK)) {
            i++;
        }
        return i;
    }

    private static boolean startsWithOne(StackTraceElement frame, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (frame.getClassName().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
