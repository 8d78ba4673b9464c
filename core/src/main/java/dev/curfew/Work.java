package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Code that runs in a scope and ends with a value. It runs on the thread that entered the scope.
 *
 * <p>Beside its own checked exception it may throw {@link InterruptedException}, so that blocking
 * calls need no {@code catch}. Work that throws two unrelated checked exceptions makes the compiler
 * infer {@link Exception}.
 *
 * @param <T> the value's type
 * @param <X> the work's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see CancelScope
 */
@FunctionalInterface
public interface Work<T extends @Nullable Object, X extends Exception> {
    /**
     * Does the work.
     *
     * @return its value
     * @throws X what the work wants its caller to see; it leaves the scope as itself
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    T run() throws X, InterruptedException;
}
