package dev.curfew;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Tasks at one moment: those that had ended, and those that went on. Each task once, in the order
 * in which they were given.
 *
 * @param <T> the type of the tasks' values
 * @param done the tasks that had ended; unmodifiable
 * @param pending the others; unmodifiable
 * @see Tasks#joinFirst(Collection)
 */
public record Ended<T extends @Nullable Object>(
        SequencedSet<Task<T>> done, SequencedSet<Task<T>> pending) {

    /** Copies the sets. */
    public Ended {
        done = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(done));
        pending = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(pending));
    }
}
