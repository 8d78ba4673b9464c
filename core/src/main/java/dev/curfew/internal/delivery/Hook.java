package dev.curfew.internal.delivery;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Something that is run once when a cancellation is delivered, on a thread of the library's.
 *
 * <pre>
 *          trigger            a worker has it            acted
 *   IDLE ----------> QUEUED ------------------> RUNNING -------> DONE
 *    |  ^               |                          |
 *    |  |               |                          | held back: the code is in a shield by now
 *    |  +---------------|--------------------------+
 *    v                  v
 *  CLOSED            CLOSED
 * </pre>
 *
 * <p>The worker moves to RUNNING, then asks {@link #gate}; the owner moves (enters a shield, leaves
 * the scope), then reads the state, and waits while it is RUNNING. So a hook never acts on code
 * that has moved on. A worker that was held back looks once more after it is IDLE: the owner,
 * leaving the shield, may have seen it RUNNING.
 */
public abstract class Hook implements Runnable {
    private static final int IDLE = 0;
    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int DONE = 3;
    private static final int CLOSED = 4;

    /** How many hooks may run at the same time. */
    private static final int THREADS = 64;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Hook.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Lazy {
        static final Workers WORKERS =
                new Workers(
                        "curfew-hooks",
                        THREADS,
                        () ->
                                Reports.report(
                                        Report.HOOKS_EXHAUSTED,
                                        THREADS
                                                + " cancel hooks are running and none has ended;"
                                                + " further hooks wait for one of them"));
    }

    private record Run(Thread thread, CountDownLatch ended) {}

    private volatile int state;
    private volatile @Nullable Run run;
    private volatile boolean acted;

    /** What it would act for now; null if it is held back. Called on any thread. */
    protected abstract @Nullable Object gate();

    /** Records, before it acts, what it acts for. */
    protected abstract void actsFor(Object cause);

    protected abstract void act() throws Exception;

    /** Who registered it, for reports. */
    protected abstract String label();

    /** Runs it soon, if there is something to act for. Never blocks, never throws. */
    public final void trigger() {
        if (state == IDLE && gate() != null && STATE.compareAndSet(this, IDLE, QUEUED)) {
            Lazy.WORKERS.execute(this);
        }
    }

    @Override
    public final void run() {
        Run r = new Run(Thread.currentThread(), new CountDownLatch(1));
        if (state != QUEUED) {
            return;
        }
        run = r;
        if (!STATE.compareAndSet(this, QUEUED, RUNNING)) {
            return;
        }
        Object cause = gate();
        if (cause == null) {
            state = IDLE;
            r.ended.countDown();
            trigger();
            return;
        }
        acted = true;
        actsFor(cause);
        try {
            act();
        } catch (Throwable e) {
            // Before it counts as over: who leaves the scope can rely on the report.
            Reports.report(
                    Report.HOOK_FAILED,
                    "the cancel hook of " + label() + " failed; the cancellation stands",
                    e);
        } finally {
            state = DONE;
            r.ended.countDown();
        }
    }

    /** Whether it has begun to act. */
    public final boolean acted() {
        return acted;
    }

    /** Whether it will not act any more. */
    public final boolean closed() {
        int s = state;
        return s == CLOSED || s == DONE;
    }

    /**
     * It does not act after this. Waits for a run under way, unless called by that run itself. Not
     * cancellable: a hook that still ran would hit the next user of what it stops.
     */
    public final void close() {
        for (; ; ) {
            switch (state) {
                case IDLE -> {
                    if (STATE.compareAndSet(this, IDLE, CLOSED)) {
                        return;
                    }
                }
                case QUEUED -> {
                    if (STATE.compareAndSet(this, QUEUED, CLOSED)) {
                        return;
                    }
                }
                case RUNNING -> {
                    if (!awaitRun()) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** Waits for a run under way to end. False if this is that run. */
    public final boolean awaitRun() {
        if (state != RUNNING) {
            return true;
        }
        Run r = run;
        if (r == null) {
            return true;
        }
        if (r.thread == Thread.currentThread()) {
            return false;
        }
        boolean interrupted = false;
        for (; ; ) {
            try {
                r.ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
