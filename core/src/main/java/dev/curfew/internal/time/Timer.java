package dev.curfew.internal.time;

import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs short actions of the library's own at their time.
 *
 * <p>An action must not block and must not run foreign code: all of them share one thread, in the
 * order of their deadlines. One for which there is not memory enough is run again a little later.
 * It has nobody else to throw to; what it throws goes to the thread's handler of uncaught
 * exceptions, and the next action runs.
 *
 * <p>The thread is a platform daemon thread, so it runs on time while virtual threads hold every
 * carrier. It is started when first needed, and stays: a timer must not depend on whether a thread
 * can be had by then.
 *
 * <p>Nearly all deadlines are cancelled long before they come, so what is cheap here is to schedule
 * and to cancel. A new one is pushed on a stack, with one compare-and-set, and the thread is woken
 * only if it would sleep too long for it:
 *
 * <pre>
 *   schedule -> stack --- the thread wakes ---> queue, by deadline ---> run
 *                 |                               |
 *                 +--- cancelled: the action is dropped at once; the empty object with it if it is
 *                      still the last, else when the thread wakes next, which it is made to where
 *                      a few hundred have come together
 * </pre>
 *
 * <p>Memory order: who schedules pushes first and reads {@code wakeAt} afterwards; the thread
 * writes {@code wakeAt} first and empties the stacks afterwards, and sleeps only if nothing came.
 * Both are volatile, so one of the two sees the other. While the thread is awake {@code wakeAt} is
 * AWAKE.
 */
public final class Timer {
    private static final int STACKS = 8;

    /** As many objects in one stack, most of them empty, wake the thread. */
    private static final int FULL = 256;

    /** The queue may hold this many empty objects, and as many as others. */
    private static final int SLACK = 256;

    /** {@code wakeAt} of a thread that looks at the stacks before it sleeps. */
    private static final long AWAKE = Nanos.NEVER - 1;

    private static final AtomicReferenceArray<@Nullable Timed> NEW =
            new AtomicReferenceArray<>(STACKS);

    private static final AtomicLong DROPPED = new AtomicLong();

    private static volatile long wakeAt = AWAKE;
    private static volatile @Nullable Thread thread;

    private Timer() {}

    /**
     * Has the classes initialized: one whose initializer runs out of memory is unusable for ever.
     */
    static void load() {
        Objects.requireNonNull(new Timed(Nanos.NEVER, () -> {}));
    }

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
        Timed timed = new Timed(deadline, action);
        if (deadline != Nanos.NEVER) {
            if (thread == null) {
                start();
            }
            int below = push(timed);
            long until = wakeAt;
            if (until != AWAKE && (until == Nanos.NEVER || deadline - until < 0 || below >= FULL)) {
                wake();
            }
        }
        return timed;
    }

    /** Needs no memory, as little as to sleep does: a lock's timed wait does not end without. */
    private static void wake() {
        LockSupport.unpark(thread);
    }

    private static int push(Timed timed) {
        int slot = (int) Thread.currentThread().threadId() & (STACKS - 1);
        timed.stack = slot;
        Timed head;
        do {
            head = NEW.get(slot);
            timed.next = head;
            timed.below = head == null ? 0 : head.below + 1;
        } while (!NEW.compareAndSet(slot, head, timed));
        return timed.below;
    }

    /**
     * Takes an empty object out of its stack again if it is still the last: so a deadline that is
     * cancelled soon leaves nothing behind. None is pushed twice, so whoever is the head has not
     * been anywhere else meanwhile, and what lies below it has not changed.
     */
    static void takeBack(Timed timed) {
        int stack = timed.stack;
        if (stack >= 0 && NEW.get(stack) == timed) {
            NEW.compareAndSet(stack, timed, timed.next);
        }
    }

    /** An object in the queue has become empty; many of them are worth a look. */
    static void droppedFromQueue() {
        if (DROPPED.incrementAndGet() % SLACK == 0) {
            wake();
        }
    }

    private static synchronized void start() {
        if (thread == null) {
            Thread t =
                    Thread.ofPlatform()
                            .daemon()
                            .name("curfew-timer")
                            .inheritInheritableThreadLocals(false)
                            .unstarted(new Loop());
            t.setContextClassLoader(ClassLoader.getSystemClassLoader());
            t.start();
            thread = t;
        }
    }

    /** What the thread does. */
    private static final class Loop implements Runnable {
        private PriorityQueue<Timed> queue = newQueue();

        /** What there was no memory for; linked by {@code next}. */
        private @Nullable Timed later;

        /**
         * The earliest deadline that was seen and has not come, also of what is cancelled by now.
         * To sleep until then, and not longer, costs a look at nothing, and spares whoever
         * schedules the next like it a call to wake this thread.
         */
        private long seen = Nanos.NEVER;

        private static PriorityQueue<Timed> newQueue() {
            return new PriorityQueue<>((a, b) -> Long.signum(a.deadline - b.deadline));
        }

        @Override
        public void run() {
            for (; ; ) {
                try {
                    wakeAt = AWAKE;
                    takeNew();
                    dropEmpty();
                    runDue();
                    sleep();
                } catch (Throwable e) {
                    // An OutOfMemoryError, say; nothing is lost by trying again.
                    FullHeap.pause();
                }
            }
        }

        private void sleep() {
            Timed first = queue.peek();
            seen = Nanos.isDue(seen) ? Nanos.NEVER : seen;
            long until = first == null ? seen : Nanos.earlier(first.deadline, seen);
            if (later != null) {
                until = Nanos.earlier(until, System.nanoTime() + FullHeap.RETRY_NANOS);
            }
            wakeAt = until;
            if (anyNew(until)) {
                return;
            }
            if (until == Nanos.NEVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, until - System.nanoTime());
            }
            Thread.interrupted(); // a stranger's: it looks once more, that is all
        }

        /** Whether something is new that comes before the given time. */
        private static boolean anyNew(long until) {
            for (int i = 0; i < STACKS; i++) {
                for (Timed t = NEW.get(i); t != null; t = t.next) {
                    if (until == Nanos.NEVER || t.deadline - until < 0) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void takeNew() {
            Timed again = later;
            later = null;
            addAll(again);
            for (int i = 0; i < STACKS; i++) {
                addAll(NEW.getAndSet(i, null));
            }
        }

        private void addAll(@Nullable Timed first) {
            Timed t = first;
            while (t != null) {
                Timed next = t.next;
                t.next = null;
                seen = Nanos.earlier(seen, t.deadline);
                add(t);
                t = next;
            }
        }

        private void add(Timed t) {
            if (t.isCancelled()) {
                return;
            }
            try {
                queue.add(t);
                t.queued = true;
            } catch (OutOfMemoryError e) {
                addLater(t);
            }
        }

        private void addLater(Timed t) {
            t.next = later;
            later = t;
        }

        private void dropEmpty() {
            if (DROPPED.get() > SLACK + queue.size() / 2) {
                DROPPED.set(0);
                queue.removeIf(Timed::isCancelled);
            }
        }

        private void runDue() {
            for (Timed t = queue.peek(); t != null; t = queue.peek()) {
                if (!t.isCancelled() && !Nanos.isDue(t.deadline)) {
                    return;
                }
                queue.poll();
                if (!t.run()) {
                    addLater(t);
                }
            }
        }
    }
}
