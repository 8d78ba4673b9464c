package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * How the body of a task that is being started says that it is ready.
 *
 * @param <V> what it is ready with
 */
@FunctionalInterface
public interface Ready<V extends @Nullable Object> {

    /**
     * Lets {@link TaskGroup#start} return. May be called by any thread. Never blocks. Ignored where
     * {@code start} has been cancelled meanwhile: its caller then waits for the end of the body.
     *
     * @param value what {@code start} returns beside the task: the port that is listened on, say
     * @throws IllegalStateException if it was called before, or the body has ended
     */
    void with(V value);
}
