package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Receiver;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.watch.Stuck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One main program from its start to its end. Three threads are in it:
 *
 * <pre>
 *   caller        hook registered -> body's thread started -> waits for ENDED -> hook removed
 *   body's        root group opened -> body and tasks end -> problem told -> ENDED
 *   shutdown hook stopping, root group cancelled -> waits: ENDED, or nobody left but threads that
 *                 are in System.exit, or the patience -> what is left is named -> JVM ends
 * </pre>
 *
 * <p>Who stops writes {@code stopping} first and reads {@code root} afterwards; the body's thread
 * writes {@code root} first and reads {@code stopping} afterwards. Both are volatile, so a program
 * that is just beginning is cancelled by at least one of them.
 *
 * <p>The shutdown hook must never wait for a thread that is in {@code System.exit}: that one waits
 * for the hook, or for the lock that the ending JVM holds.
 */
final class MainRun {
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;
    private static final int SIGNALLED = 128;

    /**
     * Nothing tells when a thread enters System.exit, so there is a look at the threads, rarely.
     */
    private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LOOKS_APART = TimeUnit.MILLISECONDS.toNanos(500);

    /** Nobody may read what is printed, so printing may take for ever. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Config config;
    private final Block<Integer, ?> body;
    private final @Nullable Integer codeIfCancelledByHand;
    private final long patienceNanos;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile @Nullable BlockGroup root;
    private volatile @Nullable CancelReason stopping;

    /** Written before ENDED. */
    private int code;

    MainRun(Config config, Block<Integer, ?> body, @Nullable Integer codeIfCancelledByHand) {
        this.config = config;
        this.body = body;
        this.codeIfCancelledByHand = codeIfCancelledByHand;
        Duration patience = config.patienceOrNull();
        this.patienceNanos = patience != null ? Nanos.of(patience) : GroupCore.patienceAt(null);
        this.thread = Threads.by(config.threadFactoryOrNull()).make(this::main);
        thread.setName(Text.harmless(name()));
    }

    private String name() {
        String name = config.nameOrNull();
        return name == null ? "main" : name;
    }

    // ---- the caller ------------------------------------------------------------------------

    int execute() {
        Thread hook =
                Thread.ofPlatform()
                        .name("curfew-shutdown")
                        .inheritInheritableThreadLocals(false)
                        .unstarted(this::shutdown);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "the JVM is ending, so the main program is not started any more", e);
        }
        boolean interrupted;
        try {
            start();
            interrupted = awaitEnd();
        } finally {
            remove(hook);
        }
        if (interrupted) {
            Receiver.interruptCaller();
        }
        return code;
    }

    private void start() {
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                ended.countDown();
            }
        }
    }

    private boolean awaitEnd() {
        boolean interrupted = false;
        for (; ; ) {
            try {
                ended.await();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
                stop(
                        Reasons.ofBody(
                                CancelReason.Kind.INTERRUPTED,
                                "an interrupt of thread " + Text.nameOf(Thread.currentThread()),
                                null));
            }
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It runs, or will, and finds that the program has ended.
        }
    }

    private void stop(CancelReason reason) {
        stopping = reason;
        BlockGroup group = root;
        if (group != null) {
            cancel(group, reason);
        }
    }

    /** The JVM's end names what is stuck itself, so the group's own watch is not asked to. */
    private static void cancel(BlockGroup group, CancelReason reason) {
        if (reason.kind() == CancelReason.Kind.SHUTDOWN) {
            group.cancelUnwatched(reason);
        } else {
            group.cancelFor(reason);
        }
    }

    // ---- the body's thread -----------------------------------------------------------------

    private void main() {
        try {
            code = outcome();
        } finally {
            ended.countDown();
        }
    }

    private int outcome() {
        try {
            return BlockRun.<Integer, Exception>call(
                    config,
                    group -> {
                        begin((BlockGroup) group);
                        Integer result = body.run(group);
                        if (result == null) {
                            throw new NullPointerException("the body's exit code is null");
                        }
                        return result;
                    });
        } catch (Throwable e) {
            CancelReason reason = cancelledItself(e);
            if (reason == null) {
                tell(e);
                return FAILED;
            }
            return cancelled(reason, e);
        }
    }

    private void begin(BlockGroup group) {
        root = group;
        CancelReason reason = stopping;
        if (reason != null) {
            cancel(group, reason);
        }
    }

    private @Nullable Request request() {
        BlockGroup group = root;
        return group == null ? null : group.ownRequest();
    }

    /** Why the root group was cancelled, if that is what left; null for anything else. */
    private @Nullable CancelReason cancelledItself(Throwable thrown) {
        Request own = request();
        return own != null
                        && thrown instanceof TaskCancelledException e
                        && e.task().isEmpty()
                        && e.reason() == Reasons.of(own)
                ? e.reason()
                : null;
    }

    private int cancelled(CancelReason reason, Throwable thrown) {
        Throwable left = thrown.getCause() == null ? thrown : thrown.getCause();
        if (Problems.carriesMore(left)) {
            tell(left);
            return FAILED;
        }
        return switch (reason.kind()) {
            case SHUTDOWN -> SIGNALLED + signalOf(reason);
            case INTERRUPTED -> INTERRUPTED;
            default -> {
                if (codeIfCancelledByHand == null) {
                    tell(thrown);
                    yield FAILED;
                }
                yield codeIfCancelledByHand;
            }
        };
    }

    /** As if it had left main. */
    private void tell(Throwable problem) {
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, problem);
        } catch (Throwable handlersOwn) {
            System.err.println(
                    "the uncaught exception handler threw "
                            + Text.describe(handlersOwn)
                            + "; what it was told follows");
            problem.printStackTrace();
        }
    }

    // ---- the shutdown hook -----------------------------------------------------------------

    private void shutdown() {
        long deadline = Nanos.fromNow(Duration.ofNanos(patienceNanos));
        CancelReason reason =
                CancelReason.of(
                        CancelReason.Kind.SHUTDOWN,
                        whatEndsTheJvm(),
                        null,
                        "the end of the JVM",
                        null,
                        null);
        stop(reason);
        if (!awaitEndOrExit(deadline)) {
            nameWhatIsLeft(reason);
        }
    }

    /** False if the patience was over first. */
    private boolean awaitEndOrExit(long deadline) {
        long look = FIRST_LOOK;
        for (long rest = Nanos.remaining(deadline); rest > 0; rest = Nanos.remaining(deadline)) {
            try {
                if (ended.await(Math.min(look, rest), TimeUnit.NANOSECONDS)) {
                    return true;
                }
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread; the JVM ends no sooner for it.
            }
            if (left().allMatch(MainRun::isInSystemExit)) {
                return true;
            }
            look = Math.min(2 * look, LOOKS_APART);
        }
        return false;
    }

    /** The threads that keep the program from its end; never empty before it. */
    private Stream<Thread> left() {
        List<Strand> strands = strandsLeft();
        return strands.isEmpty() ? Stream.of(thread) : strands.stream().map(Strand::thread);
    }

    private List<Strand> strandsLeft() {
        Request request = request();
        return request == null ? List.of() : Stuck.of(request);
    }

    private static boolean isInSystemExit(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals("java.lang.Shutdown")
                    && frame.getMethodName().equals("exit")) {
                return true;
            }
        }
        return false;
    }

    /** On a thread that may block for ever, since nobody may read what it prints. */
    private void nameWhatIsLeft(CancelReason reason) {
        Thread words =
                Thread.ofPlatform()
                        .daemon()
                        .name("curfew-last-words")
                        .inheritInheritableThreadLocals(false)
                        .start(() -> System.err.println(lastWords(reason)));
        try {
            words.join(LAST_WORDS);
        } catch (InterruptedException e) {
            // Then without them.
        }
    }

    private String lastWords(CancelReason reason) {
        String head =
                "curfew: "
                        + Text.harmless(name())
                        + " has not ended "
                        + Text.of(Duration.ofNanos(patienceNanos))
                        + " after "
                        + reason.message()
                        + "; the JVM ends without it\n";
        Request request = request();
        List<Strand> strands =
                strandsLeft().stream().filter(s -> !isInSystemExit(s.thread())).toList();
        if (request != null && !strands.isEmpty()) {
            CancelReason why = Reasons.of(request);
            return head + Stuck.describe(strands, request, why.toString(), why.where());
        }
        StringBuilder text = new StringBuilder(head).append("  now: ").append(thread.getState());
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }

    // ---- which signal it was ---------------------------------------------------------------

    /** The JVM starts a thread for a signal, named after it. Only for people, and for codes. */
    private static String whatEndsTheJvm() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[all.activeCount() + 16];
        int count = all.enumerate(threads);
        for (int i = 0; i < count; i++) {
            switch (threads[i].getName()) {
                case "SIGINT handler" -> {
                    return "SIGINT";
                }
                case "SIGTERM handler" -> {
                    return "SIGTERM";
                }
                case "SIGHUP handler" -> {
                    return "SIGHUP";
                }
                default -> {}
            }
        }
        return "System.exit, or the end of the last thread";
    }

    private static int signalOf(CancelReason reason) {
        return switch (reason.message()) {
            case "SIGINT" -> 2;
            case "SIGHUP" -> 1;
            default -> 15;
        };
    }
}
