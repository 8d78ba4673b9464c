package dev.curfew;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task that has said that it is ready, see {@link TaskGroup#start}.
 *
 * @param <V> what it is ready with
 * @param task the task, which goes on
 * @param value what it is ready with
 */
public record Started<V extends @Nullable Object>(Task<@Nullable Void> task, V value) {

    /** Checks that there is a task. */
    public Started {
        Objects.requireNonNull(task, "task");
    }
}
