package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * The body of a task that says when it is ready, see {@link TaskGroup#start}.
 *
 * @param <V> what it is ready with
 */
@FunctionalInterface
public interface ServiceBody<V extends @Nullable Object> {

    /**
     * Runs on a thread of its own.
     *
     * @param ready to be called once the service can be used; the body goes on after that
     * @throws Exception before it is ready, what leaves {@code start}; after that a failure like
     *     that of any other task
     */
    void run(Ready<? super V> ready) throws Exception;
}
