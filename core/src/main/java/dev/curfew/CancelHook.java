package dev.curfew;

/**
 * Ends a call that an interrupt would not end, or not well: {@code statement::cancel}, {@code
 * serverSocket::close}, {@code process::destroy}.
 *
 * <p>A hook runs at most once, on a platform daemon thread of the library's, and never while the
 * code is in a shield inside the hook's scope. Leaving the stretch of code that it belongs to waits
 * for a hook that is running, so it cannot hit whoever uses the same connection next. A hook that
 * blocks therefore holds up the end of what it cancels, but no other cancellation. One that waits
 * for its own task, or for that task's group, is refused with {@link WaitCycleException}.
 *
 * @see CancelScope#onCancel(CancelHook, Work)
 * @see CancelScope#addHook(CancelHook)
 */
@FunctionalInterface
public interface CancelHook {
    /**
     * Makes the call end.
     *
     * @throws Exception if that could not be done; it is reported, and fails nobody
     */
    void cancel() throws Exception;
}
