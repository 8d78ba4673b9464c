package dev.curfew;

/**
 * Is told of failures: of every task of a {@link ServiceGroup} at once, of a task of a block whose
 * outcome nobody has read when the block ends.
 *
 * <p>It runs on a thread of the library's or on that of the ending task, under no lock, and may be
 * called from several threads at the same time. It is told of every such failure once, also of an
 * {@link Error}. It should be short: the task's end is published already, but its group ends after
 * the handler has returned.
 *
 * @see Config#withFailureHandler(FailureHandler)
 */
@FunctionalInterface
public interface FailureHandler {
    /**
     * Is told of one failure.
     *
     * @param task the task that failed; it has ended
     * @param failure what left its body
     * @throws Exception if the failure could not be handled; both are reported to the log
     */
    void failed(Task<?> task, Throwable failure) throws Exception;
}
