package dev.curfew;

/**
 * What the failure of one task means for the rest of its group. A task that was cancelled on its
 * own has not failed, and nobody is cancelled for it.
 *
 * @see Config#withFailurePolicy(FailurePolicy)
 */
public enum FailurePolicy {
    /**
     * The first failure cancels the group: its other tasks and, in a block, the body. All are
     * waited for, then the failure leaves the block as a {@link TaskFailedException}. The default
     * of a block, as in Python's {@code asyncio.TaskGroup} and in trio's nursery. A {@link
     * ServiceGroup} with this policy refuses forks afterwards, naming the failure.
     */
    CANCEL_GROUP,

    /**
     * The group goes on. Each failure belongs to whoever reads the task's outcome; what nobody
     * reads goes to the {@link FailureHandler}, or to the log. The default of a {@link
     * ServiceGroup}.
     */
    KEEP_GOING
}
