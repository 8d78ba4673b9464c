package dev.curfew.internal.watch;

import java.util.List;
import java.util.Set;

/** The table of the calls that do not react to an interrupt. Measured on JDK 25. */
final class StuckRules {
    private static final Set<String> ALL = Set.of();

    /** The code of JDBC drivers, by the beginnings of class names. */
    static final List<String> DRIVERS =
            List.of(
                    "org.h2.",
                    "org.postgresql.",
                    "org.mariadb.",
                    "com.mysql.",
                    "com.microsoft.sqlserver.",
                    "oracle.jdbc.",
                    "org.apache.derby.",
                    "org.hsqldb.",
                    "org.sqlite.",
                    "com.ibm.db2.");

    /** Which threads a call holds on to. */
    enum On {
        ANY,
        PLATFORM,
        VIRTUAL
    }

    /**
     * Matches a class, and what is nested in it, by its methods (none given: all of them).
     *
     * @param caller what has called it; empty if that does not matter
     */
    record Rule(String type, Set<String> methods, String caller, On on, StuckAdvice advice) {
        boolean matches(StackTraceElement[] stack, int at, boolean virtual) {
            String name = stack[at].getClassName();
            return name.startsWith(type)
                    && (name.length() == type.length() || name.charAt(type.length()) == '$')
                    && (methods.isEmpty() || methods.contains(stack[at].getMethodName()))
                    && (on == On.ANY || (on == On.VIRTUAL) == virtual)
                    && (caller.isEmpty()
                            || (at + 1 < stack.length
                                    && stack[at + 1].getClassName().equals(caller)));
        }
    }

    static final List<Rule> ALL_RULES =
            List.of(
                    concurrent("CompletableFuture", StuckAdvice.JOIN, "join"),
                    concurrent(
                            "ForkJoinTask",
                            StuckAdvice.JOIN,
                            "join",
                            "quietlyJoin",
                            "invoke",
                            "quietlyInvoke",
                            "invokeAll"),
                    concurrent("ForkJoinPool", StuckAdvice.EXECUTOR_CLOSE, "close"),
                    concurrent("ForkJoinPool", StuckAdvice.JOIN, "invoke"),
                    concurrent("ExecutorService", StuckAdvice.EXECUTOR_CLOSE, "close"),
                    concurrent("ThreadPerTaskExecutor", StuckAdvice.EXECUTOR_CLOSE, "close"),
                    concurrent("Semaphore", StuckAdvice.SEMAPHORE, "acquireUninterruptibly"),
                    concurrent(
                            "Phaser", StuckAdvice.PHASER, "awaitAdvance", "arriveAndAwaitAdvance"),
                    concurrent(
                            "locks.AbstractQueuedSynchronizer",
                            StuckAdvice.CONDITION,
                            "awaitUninterruptibly"),
                    concurrent(
                            "locks.AbstractQueuedLongSynchronizer",
                            StuckAdvice.CONDITION,
                            "awaitUninterruptibly"),
                    concurrent("locks.ReentrantLock", StuckAdvice.LOCK, "lock"),
                    concurrent("locks.ReentrantReadWriteLock", StuckAdvice.LOCK, "lock"),
                    concurrent(
                            "locks.StampedLock", StuckAdvice.STAMPED_LOCK, "readLock", "writeLock"),
                    all("java.io.FileInputStream", On.ANY, StuckAdvice.STREAM),
                    all("java.io.FileOutputStream", On.ANY, StuckAdvice.STREAM),
                    all("java.io.RandomAccessFile", On.ANY, StuckAdvice.STREAM),
                    // of Files.newInputStream and its kin, which switch the interrupt off
                    fileCalledBy("sun.nio.ch.ChannelInputStream"),
                    fileCalledBy("sun.nio.ch.ChannelOutputStream"),
                    all("sun.nio.ch.FileChannelImpl", On.VIRTUAL, StuckAdvice.FILE_CHANNEL),
                    all("sun.nio.ch.NioSocketImpl", On.PLATFORM, StuckAdvice.SOCKET),
                    all("sun.nio.ch.DatagramSocketAdaptor", On.PLATFORM, StuckAdvice.SOCKET),
                    all("java.net.Inet4AddressImpl", On.ANY, StuckAdvice.HOST_LOOKUP),
                    all("java.net.Inet6AddressImpl", On.ANY, StuckAdvice.HOST_LOOKUP));

    private StuckRules() {}

    private static Rule concurrent(String type, StuckAdvice advice, String... methods) {
        return new Rule("java.util.concurrent." + type, Set.of(methods), "", On.ANY, advice);
    }

    private static Rule fileCalledBy(String caller) {
        return new Rule("sun.nio.ch.FileChannelImpl", ALL, caller, On.ANY, StuckAdvice.STREAM);
    }

    private static Rule all(String type, On on, StuckAdvice advice) {
        return new Rule(type, ALL, "", on, advice);
    }
}
