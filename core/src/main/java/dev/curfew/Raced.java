package dev.curfew;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a race ended that somebody has won.
 *
 * @param <T> the value's type
 * @param winner the task that was first to end with a value
 * @param value the value
 * @param failures what others failed with, before or in their clean-up, in the order in which they
 *     ended; immutable
 * @see Tasks#raceFully
 */
public record Raced<T extends @Nullable Object>(Task<T> winner, T value, List<Throwable> failures) {

    /** Copies the list. */
    public Raced {
        failures = List.copyOf(failures);
    }
}
