package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Code that runs in a scope, is handed that scope, and ends with a value. It runs on the thread
 * that entered the scope; the scope itself may be handed to other threads, which may cancel it.
 *
 * @param <T> the value's type
 * @param <X> the work's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see CancelScope#call(ScopeWork)
 */
@FunctionalInterface
public interface ScopeWork<T extends @Nullable Object, X extends Exception> {
    /**
     * Does the work.
     *
     * @param scope the scope that was just entered
     * @return the work's value
     * @throws X what the work wants its caller to see; it leaves the scope as itself
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    T run(CancelScope scope) throws X, InterruptedException;
}
