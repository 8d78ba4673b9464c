package dev.curfew;

import dev.curfew.internal.time.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A point in time by which work has to end. It can be handed through calls and shared by many
 * pieces of work, where a duration would start anew with each.
 *
 * <p>A deadline is kept on the JVM's monotonic clock ({@link System#nanoTime}): once made it does
 * not move when the system's clock is set. What lies more than about 73 years ahead is cut to that.
 * Immutable.
 */
public final class Deadline {
    private static final Deadline NEVER = new Deadline(Nanos.NEVER);

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /**
     * The deadline that lies the given time ahead of now.
     *
     * @param limit the time, zero or more; with zero the deadline is due at once
     * @return the deadline
     * @throws IllegalArgumentException if the time is negative
     */
    public static Deadline after(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "a deadline cannot lie "
                            + limit
                            + " ahead: the time must be zero or more; use Duration.ZERO for a"
                            + " deadline that is due at once");
        }
        return new Deadline(Nanos.fromNow(limit));
    }

    /**
     * The deadline at a time of the system's clock, as that clock stands now.
     *
     * @param time the time; if it has passed the deadline is due
     * @return the deadline
     */
    public static Deadline at(Instant time) {
        Objects.requireNonNull(time, "time");
        Duration ahead = Duration.between(Instant.now(), time);
        return new Deadline(Nanos.fromNow(ahead.isNegative() ? Duration.ZERO : ahead));
    }

    /**
     * The deadline that never comes.
     *
     * @return the deadline
     */
    public static Deadline never() {
        return NEVER;
    }

    static Deadline ofNanos(long nanoTime) {
        return nanoTime == Nanos.NEVER ? NEVER : new Deadline(nanoTime);
    }

    /** A value to compare with {@link System#nanoTime}, or {@link Nanos#NEVER}. */
    long nanos() {
        return nanos;
    }

    /**
     * The time that is left.
     *
     * @return the time, zero if the deadline is due; empty if it never comes
     */
    public Optional<Duration> remaining() {
        return nanos == Nanos.NEVER
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, Nanos.remaining(nanos))));
    }

    /**
     * Whether the time is up.
     *
     * @return true from the deadline on
     */
    public boolean isDue() {
        return Nanos.isDue(nanos);
    }

    /** For people to read: how far ahead it lies. */
    @Override
    public String toString() {
        return nanos == Nanos.NEVER
                ? "Deadline[never]"
                : isDue()
                        ? "Deadline[due]"
                        : "Deadline[in " + Duration.ofNanos(Nanos.remaining(nanos)) + "]";
    }
}
