package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Like {@link CompletionsWork}, without a value.
 *
 * @param <T> the type of the tasks' values
 * @param <X> the code's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see Tasks#runCompletions
 */
@FunctionalInterface
public interface VoidCompletionsWork<T extends @Nullable Object, X extends Exception> {
    /**
     * Takes the tasks.
     *
     * @param completions the tasks, as they end
     * @throws X what the code wants its caller to see
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    void run(Completions<T> completions) throws X, InterruptedException;
}
