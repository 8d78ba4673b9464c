package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Code that takes tasks in the order in which they end, and ends with a value.
 *
 * @param <T> the type of the tasks' values
 * @param <R> the value's type
 * @param <X> the code's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see Tasks#callCompletions
 */
@FunctionalInterface
public interface CompletionsWork<
        T extends @Nullable Object, R extends @Nullable Object, X extends Exception> {
    /**
     * Takes the tasks.
     *
     * @param completions the tasks, as they end
     * @return the value
     * @throws X what the code wants its caller to see
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    R run(Completions<T> completions) throws X, InterruptedException;
}
