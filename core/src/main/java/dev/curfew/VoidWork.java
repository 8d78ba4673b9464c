package dev.curfew;

/**
 * Code without a value that runs in a scope, or as a task. Like {@link Work} in everything else.
 *
 * @param <X> the work's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see CancelScope
 * @see TaskGroup#fork(VoidWork)
 */
@FunctionalInterface
public interface VoidWork<X extends Exception> {
    /**
     * Does the work.
     *
     * @throws X what the work wants its caller to see
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    void run() throws X, InterruptedException;
}
