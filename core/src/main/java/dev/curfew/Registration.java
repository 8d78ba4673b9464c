package dev.curfew;

/**
 * A hook that was added to a scope. Has to be closed, best by try-with-resources; the scope closes
 * what is left when it ends.
 *
 * @see CancelScope#addHook(CancelHook)
 */
public sealed interface Registration extends AutoCloseable permits CancelScope.HookRegistration {
    /**
     * The hook does not run after this. Waits for one that is running, unless called by that hook
     * itself; the wait is not cancellable, since a hook that still ran would hit the next user of
     * what it stops. May be called by any thread, and again.
     */
    @Override
    void close();
}
