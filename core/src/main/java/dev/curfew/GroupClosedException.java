package dev.curfew;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The group takes no more tasks: it was closed, is shutting down, or is cancelled and its body has
 * ended. The body that was to be forked has not run and will not; resources handed to it are still
 * the caller's.
 *
 * <p>A task that was cancelled and ends with this exception counts as cancelled.
 */
public final class GroupClosedException extends IllegalStateException {
    @Serial private static final long serialVersionUID = 1L;

    private final @Nullable CancelReason reason;

    /**
     * @param message which group refuses, why, and what to do
     * @param cause the failure that the group was cancelled for, if any
     */
    GroupClosedException(String message, @Nullable CancelReason reason, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why the group was cancelled.
     *
     * @return the reason; empty if it just has ended
     */
    public Optional<CancelReason> reason() {
        return Optional.ofNullable(reason);
    }
}
