package dev.curfew.internal.time;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs short actions of the library's own at their time.
 *
 * <p>An action must not block and must not run foreign code: all of them share one thread, in the
 * order of their deadlines. It has nobody to throw to; what it throws goes to the thread's handler
 * of uncaught exceptions, and the next action runs.
 *
 * <p>The thread is a platform daemon thread of a private {@link ForkJoinPool}, so it runs on time
 * while virtual threads hold every carrier and the common pool is busy. The pool keeps a second
 * thread that only waits, and which cannot be named. Both are started when first needed. The pool
 * suits deadlines, nearly all of which are cancelled: to schedule and to cancel is one push each,
 * without a lock, and a cancelled action is dropped at once, not at its time.
 */
public final class Timer {
    private static final String NAME = "curfew-timer";

    private static final class Lazy {
        /** Its one worker stays: a timer must not depend on whether a thread can be had by then. */
        static final ForkJoinPool POOL =
                new ForkJoinPool(
                        1, TimerThread::new, null, true, 1, 1, 1, null, 36_500, TimeUnit.DAYS);

        static {
            Starter.start(POOL);
        }
    }

    /**
     * The pool's waiting thread lives for ever and takes over the context class loader and the
     * inheritable thread-locals of the thread that schedules first; so that is none of a user's.
     *
     * <p>A class of its own: {@link Lazy} is being initialized meanwhile, and its code cannot run
     * on another thread before that has ended.
     */
    private record Starter(ForkJoinPool pool, Semaphore started) implements Runnable {
        static void start(ForkJoinPool pool) {
            Semaphore started = new Semaphore(0);
            try {
                Thread.ofPlatform()
                        .daemon()
                        .name(NAME + "-start")
                        .inheritInheritableThreadLocals(false)
                        .start(new Starter(pool, started));
            } catch (OutOfMemoryError noThread) {
                return; // the first user starts it after all, if there is a thread by then
            }
            started.acquireUninterruptibly();
        }

        @Override
        public void run() {
            try {
                pool.schedule(() -> {}, 0, TimeUnit.NANOSECONDS);
            } finally {
                started.release();
            }
        }
    }

    private static final class TimerThread extends ForkJoinWorkerThread {
        TimerThread(ForkJoinPool pool) {
            super(null, pool, false);
            setName(NAME);
            setDaemon(true);
        }
    }

    private Timer() {}

    /**
     * Arranges for the action to be run.
     *
     * @param deadline as in {@link Nanos}; if it is due the action runs soon, if it never comes
     *     never
     * @param action what to do
     * @return for cancelling it
     * @throws OutOfMemoryError if the timer's thread is not there yet and cannot be started
     */
    public static Timed schedule(long deadline, Runnable action) {
        Timed timed = new Timed(action);
        if (deadline != Nanos.NEVER) {
            timed.scheduledAs(
                    Lazy.POOL.schedule(timed, Nanos.remaining(deadline), TimeUnit.NANOSECONDS));
        }
        return timed;
    }
}
