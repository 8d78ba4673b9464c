package dev.curfew.inspect;

import dev.curfew.CancelReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request to stop that is in force.
 *
 * @param kind what sort of event asked
 * @param message what the request said; may be empty
 * @param cause the failure that the group is cancelled for, in one line
 * @param requestedBy who asked; empty if nobody did (a deadline)
 * @param requested when
 * @param age how long ago that was
 * @param toldAfter how long after the request the code was told, at most; empty if it was not, as
 *     far as is known
 * @param where the stack of whoever asked, innermost frame first; empty if it was not taken
 */
public record Cancellation(
        CancelReason.Kind kind,
        String message,
        Optional<String> cause,
        String requestedBy,
        Instant requested,
        Duration age,
        Optional<Duration> toldAfter,
        List<StackTraceElement> where) {

    /** Copies the list. */
    public Cancellation {
        where = List.copyOf(where);
    }
}
