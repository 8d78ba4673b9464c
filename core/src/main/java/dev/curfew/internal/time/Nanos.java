package dev.curfew.internal.time;

import java.time.Duration;

/**
 * Arithmetic on deadlines kept as values of {@link System#nanoTime}. They wrap round, so they are
 * compared by their difference, never by {@code <}.
 */
public final class Nanos {
    /** The deadline that never comes. No deadline made here is equal to it. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The farthest that a deadline may lie ahead, about 73 years: any two still compare. */
    private static final long FARTHEST = Long.MAX_VALUE / 4;

    private Nanos() {}

    /**
     * The deadline that lies the given time ahead of now; a negative time counts as zero, a time
     * over the farthest as that.
     */
    public static long fromNow(Duration limit) {
        return after(System.nanoTime(), limit);
    }

    static long after(long now, Duration limit) {
        long deadline = now + Math.clamp(of(limit), 0, FARTHEST);
        return deadline == NEVER ? NEVER - 1 : deadline;
    }

    /** The time that {@link #fromNow} read when it made the deadline. */
    public static long start(long deadline, Duration limit) {
        return deadline - Math.clamp(of(limit), 0, FARTHEST);
    }

    /** The duration in nanoseconds, cut to what a {@code long} holds. */
    public static long of(Duration duration) {
        // toNanos of a duration within these bounds does not overflow.
        if (duration.getSeconds() >= Long.MAX_VALUE / 1_000_000_000L) {
            return Long.MAX_VALUE;
        }
        if (duration.getSeconds() < Long.MIN_VALUE / 1_000_000_000L) {
            return Long.MIN_VALUE;
        }
        return duration.toNanos();
    }

    /** Nanoseconds until the deadline, zero or less once it is due; for NEVER the largest long. */
    public static long remaining(long deadline) {
        return deadline == NEVER ? Long.MAX_VALUE : deadline - System.nanoTime();
    }

    /** Whether the deadline has come. */
    public static boolean isDue(long deadline) {
        return isDue(deadline, System.nanoTime());
    }

    static boolean isDue(long deadline, long now) {
        return deadline != NEVER && deadline - now <= 0;
    }

    /** The one of two deadlines that comes first. */
    public static long earlier(long a, long b) {
        if (a == NEVER) {
            return b;
        }
        return b == NEVER || a - b <= 0 ? a : b;
    }
}
