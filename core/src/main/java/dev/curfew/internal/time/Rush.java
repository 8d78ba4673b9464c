package dev.curfew.internal.time;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets everything pass while it is rare; in a rush, so many at once and then one for each pause.
 *
 * <p>In between it costs whoever asks the read of one flag that nobody writes. The timer sets it
 * again, also after the last one of a rush: that is why the next, however late, passes.
 */
public final class Rush {
    private final int burst;
    private final long pauseNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private int tokens;
    private long last = System.nanoTime();

    private volatile boolean due = true;

    public Rush(int burst, long pauseNanos) {
        this.burst = burst;
        this.pauseNanos = pauseNanos;
        this.tokens = burst;
    }

    /** Whether {@link #take} is worth a call. */
    public boolean due() {
        return due;
    }

    /** True for what is to pass. Never blocks; false also if another one is being let through. */
    public boolean take() {
        if (!due || !lock.tryLock()) {
            return false;
        }
        boolean pause;
        try {
            if (!due) {
                return false;
            }
            long now = System.nanoTime();
            tokens = (int) Math.min(burst, tokens + (now - last) / pauseNanos);
            last = now;
            pause = --tokens <= 0;
            if (pause) {
                due = false;
            }
        } finally {
            lock.unlock();
        }
        if (pause) {
            pause();
        }
        return true;
    }

    private void pause() {
        try {
            Timer.schedule(System.nanoTime() + pauseNanos, () -> due = true);
        } catch (OutOfMemoryError noTimer) {
            due = true; // nothing must fail for want of a thread that only takes notes
        }
    }
}
