package dev.curfew;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Work did not end before its deadline: it was cancelled for that, and has ended. Thrown by {@link
 * CancelScope#withTimeout} and its kin, on the thread that did the work.
 *
 * <p>The cause is what left the work when it was cut, so its stack trace shows where the time went.
 * The exception is unchecked and is no {@code InterruptedException}: it says something about the
 * work, and whoever catches it is not being cancelled. A timeout whose scope was already being
 * cancelled from outside does not end with it; the outside cancellation leaves instead.
 */
public final class DeadlineExceededException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final @Nullable Duration limit;

    /**
     * @param limit the limit, if it was given as a duration
     * @param message what was to be done and by when
     */
    DeadlineExceededException(@Nullable Duration limit, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.limit = limit;
    }

    /**
     * The limit that was set.
     *
     * @return the limit; empty if it was a point in time
     */
    public Optional<Duration> limit() {
        return Optional.ofNullable(limit);
    }
}
