package dev.curfew.internal.delivery;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.time.Timer;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that run what may block: first in, first out, on as few threads as keep it moving.
 *
 * <pre>
 *            execute: no thread                 the watch: queued > idle, and no action
 *            there is                           has ended since it looked last
 *  no thread ------------------> one thread --------------------------------> ... --> limit
 *      ^                              |                                        |
 *      +------------------------------+----------------------------------------+
 *                 idle for ten seconds, and nothing queued: a thread leaves
 * </pre>
 *
 * <p>Invariants. One word holds three counts: threads; those of them that are idle, that is, about
 * to take an action; and actions queued. They change together, so each decision is one atomic step:
 *
 * <ul>
 *   <li>An action is counted as queued before it is in the queue. A thread leaves only in a step
 *       that finds nothing queued. So an action that is counted while queued &lt;= idle is taken by
 *       one that is idle, and nobody has to look after it.
 *   <li>Whoever counts one with queued &gt; idle sees to it that the watch is on: first the count,
 *       then the read of {@code watched}. The watch goes off in the other order: first the write of
 *       {@code watched}, then one more look at the counts. Both are volatile, so one of the two
 *       sees the other.
 *   <li>At the limit the watch goes off although actions are queued. No thread leaves then, and
 *       whichever ends its action takes the next.
 *   <li>{@code endedThen} belongs to whoever has moved {@code watched} to true; the timer carries
 *       it from there to the look.
 * </ul>
 */
public final class Workers {
    private static final long STALLED_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long QUEUED = 1;
    private static final long IDLE = 1L << 32;
    private static final long THREAD = 1L << 48;

    private final String threadName;
    private final int limit;
    private final Runnable limitReached;
    private final long leaveNanos;
    private final ThreadFactory threads;

    private final LinkedTransferQueue<Runnable> queue = new LinkedTransferQueue<>();
    private final AtomicLong counts = new AtomicLong();

    /** How many actions have ended. */
    private final AtomicLong ended = new AtomicLong();

    private final AtomicBoolean watched = new AtomicBoolean();
    private long endedThen;

    /** Whether the limit has been reported since the queue was empty last. */
    private final AtomicBoolean exhausted = new AtomicBoolean();

    /** What kept a thread from being started; the next worker reports it. */
    private volatile @Nullable Throwable startFailure;

    /**
     * Starts nothing yet.
     *
     * @param threadName the name of every thread
     * @param limit how many threads there may be, at most 32,767
     * @param limitReached run once, on a thread of its own, when all of them block and more is
     *     queued; and again only after the queue was empty
     */
    public Workers(String threadName, int limit, Runnable limitReached) {
        this(
                threadName,
                limit,
                limitReached,
                LEAVE_NANOS,
                Thread.ofPlatform()
                        .daemon()
                        .priority(Thread.NORM_PRIORITY)
                        .inheritInheritableThreadLocals(false)
                        .factory());
    }

    /** For tests: with how long a thread stays without work, and what makes threads. */
    Workers(
            String threadName,
            int limit,
            Runnable limitReached,
            long leaveNanos,
            ThreadFactory threads) {
        if (limit < 1 || limit > Short.MAX_VALUE) {
            throw new IllegalArgumentException("limit of " + limit + " threads");
        }
        this.threadName = threadName;
        this.limit = limit;
        this.limitReached = limitReached;
        this.leaveNanos = leaveNanos;
        this.threads = threads;
    }

    /**
     * Runs the action soon. Never blocks. Where no thread can be started the action stays queued,
     * and that is tried again. Any thread may call this, also an action.
     *
     * @throws OutOfMemoryError if the heap has no room for a place in the queue; then it is not run
     */
    public void execute(Runnable action) {
        long now = counts.addAndGet(QUEUED);
        try {
            queue.offer(action);
        } catch (OutOfMemoryError e) {
            counts.addAndGet(-QUEUED);
            throw e;
        }
        if (threads(now) == 0) {
            grow(counts.get(), 1);
            now = counts.get();
        }
        if (queued(now) > idle(now)) {
            watch();
        }
    }

    // ---- growth ---------------------------------------------------------------------------

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            lookIn(STALLED_NANOS);
        }
    }

    private void lookIn(long nanos) {
        endedThen = ended.get();
        try {
            Timer.schedule(System.nanoTime() + nanos, this::look);
        } catch (Throwable noTimer) {
            startFailure = noTimer;
            watched.set(false); // the next execute tries again
        }
    }

    /** On the timer's thread: whether what is queued moves. */
    private void look() {
        long now = counts.get();
        if (queued(now) <= idle(now)) {
            watched.set(false);
            now = counts.get();
            if (queued(now) > idle(now)) {
                watch();
            }
        } else if (threads(now) > 0 && ended.get() != endedThen) {
            lookIn(STALLED_NANOS);
        } else if (threads(now) < limit) {
            lookIn(grow(now, limit) ? STALLED_NANOS : RETRY_NANOS);
        } else {
            watched.set(false);
            if (exhausted.compareAndSet(false, true)) {
                start(threadName + "-limit", limitReached);
            }
        }
    }

    /** Adds a thread if there are fewer than given; false if it could not be started. */
    private boolean grow(long now, int most) {
        while (threads(now) < most) {
            if (counts.compareAndSet(now, now + THREAD + IDLE)) {
                if (start(threadName, this::work)) {
                    return true;
                }
                counts.addAndGet(-THREAD - IDLE);
                watch();
                return false;
            }
            now = counts.get();
        }
        return true;
    }

    private boolean start(String name, Runnable body) {
        try {
            Thread thread = threads.newThread(body);
            thread.setName(name);
            thread.start();
            return true;
        } catch (Throwable e) { // an OutOfMemoryError: the system has no thread to give
            startFailure = e;
            return false;
        }
    }

    // ---- a worker -------------------------------------------------------------------------

    private void work() {
        boolean left = false;
        try {
            do {
                left = takeAndRun();
            } while (!left);
        } finally {
            if (!left) { // an Error out of the queue: it has taken nothing
                counts.addAndGet(-THREAD - IDLE);
                watch();
            }
        }
    }

    /** Runs one action, if one comes; true if the thread has left, as none did. */
    private boolean takeAndRun() {
        Thread.interrupted(); // what an action left behind is not the next one's
        Runnable action;
        try {
            action = queue.poll(leaveNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException stranger) {
            return false;
        }
        if (action == null) {
            return leave();
        }
        if (queued(counts.addAndGet(-QUEUED - IDLE)) == 0) {
            exhausted.set(false);
        }
        try {
            reportStartFailure();
            action.run();
        } catch (Throwable e) {
            Reports.report(Report.INTERNAL, "an action of " + threadName + " threw", e);
        } finally {
            ended.incrementAndGet();
            counts.addAndGet(IDLE);
        }
        return false;
    }

    private boolean leave() {
        for (; ; ) {
            long now = counts.get();
            if (queued(now) > 0) {
                return false;
            }
            if (counts.compareAndSet(now, now - THREAD - IDLE)) {
                return true;
            }
        }
    }

    private void reportStartFailure() {
        Throwable e = startFailure;
        if (e != null) {
            startFailure = null;
            Reports.report(
                    Report.INTERNAL,
                    "a thread of "
                            + threadName
                            + " could not be started; what it was to run was late",
                    e);
        }
    }

    /** How many threads there are. For tests. */
    int threads() {
        return threads(counts.get());
    }

    private static int threads(long counts) {
        return (int) (counts >>> 48);
    }

    private static int idle(long counts) {
        return (int) (counts >>> 32) & 0xFFFF;
    }

    private static int queued(long counts) {
        return (int) counts;
    }
}
