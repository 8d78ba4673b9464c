package dev.curfew;

/**
 * Code without a value that runs in a scope and is handed that scope. Like {@link ScopeWork} in
 * everything else.
 *
 * @param <X> the work's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see CancelScope#run(VoidScopeWork)
 */
@FunctionalInterface
public interface VoidScopeWork<X extends Exception> {
    /**
     * Does the work.
     *
     * @param scope the scope that was just entered
     * @throws X what the work wants its caller to see; it leaves the scope as itself
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    void run(CancelScope scope) throws X, InterruptedException;
}
