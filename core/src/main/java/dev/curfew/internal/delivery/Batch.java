package dev.curfew.internal.delivery;

import dev.curfew.internal.time.FullHeap;
import dev.curfew.internal.time.Timed;
import dev.curfew.internal.time.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The interrupts that one cancellation sends, in order, by whoever has time for them.
 *
 * <pre>
 *   filled by the canceller -> handed over, or sent by the canceller itself, now or at the end of
 *                                   |          a block of its own -> all taken
 *                   meanwhile: none taken for some milliseconds -> one more thread
 * </pre>
 *
 * <p>Any number of threads may run it; each takes the next that nobody has taken. So one target
 * that will not be interrupted holds up whoever has taken it, and nobody else. A canceller that is
 * going to wait for the targets anyway sends on its own thread, and so saves the hand-over, which
 * wakes a thread; the thread at the end of a cancelled block helps in the same way.
 *
 * <p>It is filled by one thread, before it is shared.
 */
public final class Batch implements Runnable {
    private static final long STALLED_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long LEFT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Target[] NONE = {};

    private static final VarHandle NEXT;

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(Batch.class, "next", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Target[] targets = NONE;
    private int size;
    private volatile int next;

    /** The time, as the last thread that began to send has seen it, or since then the watch. */
    private volatile long clock;

    /** What {@code next} was when the watch looked last; the timer's thread alone. */
    private int nextThen;

    private volatile @Nullable Timed watch;

    /** Has the classes initialized, see {@link Senders#load}. */
    public static void load() {
        Senders.load();
    }

    public void add(Target target) {
        if (size == targets.length) {
            targets = Arrays.copyOf(targets, Math.max(1, 2 * size));
        }
        targets[size++] = target;
    }

    /**
     * Has them sent soon. Never blocks.
     *
     * @throws OutOfMemoryError if the heap has no room for the hand-over; then it can be repeated
     */
    public void handOver() {
        if (size > 1) {
            watch(STALLED_NANOS);
        }
        if (size > 0) {
            Senders.execute(this);
        }
    }

    /**
     * Leaves them to whoever runs this; if nobody does, they are sent in a millisecond. Never
     * blocks.
     *
     * @throws OutOfMemoryError if the heap has no room for the hand-over; then it can be repeated
     */
    public void leave() {
        if (size > 0) {
            watch(LEFT_NANOS);
        }
    }

    /** Sends them on this thread. Blocks as long as a target will not be interrupted. */
    public void send() {
        if (size > 1) {
            watch(STALLED_NANOS);
        }
        run();
    }

    /** Sends what nobody has taken. May block. */
    @Override
    public void run() {
        Target[] all = targets;
        if (next < size) {
            clock = System.nanoTime();
        }
        while (next < size) {
            int i = (int) NEXT.getAndAdd(this, 1);
            if (i < size) {
                send(all[i]);
            }
        }
        done();
    }

    private void send(Target target) {
        for (; ; ) {
            try {
                target.send(clock);
                return;
            } catch (OutOfMemoryError e) {
                FullHeap.pause(); // nobody else will send it, since it has been taken
            }
        }
    }

    /** Lets go of the targets: whoever holds the request must not hold those. */
    private void done() {
        targets = NONE;
        Timed timed = watch;
        if (timed != null) {
            timed.cancel();
        }
    }

    // ---- the watch -------------------------------------------------------------------------

    private void watch(long nanos) {
        try {
            watch = Timer.schedule(System.nanoTime() + nanos, this::look);
        } catch (Throwable noTimer) {
            Senders.execute(this); // a second thread at once, as none can come later
        }
    }

    /** On the timer's thread. */
    private void look() {
        int n = next;
        if (n < size) {
            clock = System.nanoTime();
            if (n == nextThen) {
                Senders.execute(this);
            }
            nextThen = n;
            watch(STALLED_NANOS);
        }
    }
}
