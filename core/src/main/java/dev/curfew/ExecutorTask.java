package dev.curfew;

import dev.curfew.internal.tree.Node;
import org.jspecify.annotations.Nullable;

/** A task that has come through a view of its group as an executor. */
final class ExecutorTask<T extends @Nullable Object> extends TaskImpl<T> {
    /**
     * What came through the view.
     *
     * @param view is told of the end
     * @param future is handed the outcome, which then is nobody else's affair; null for work that
     *     was executed without one
     */
    record Submission<T extends @Nullable Object>(
            GroupExecutor view, @Nullable GroupFuture<T> future) {}

    private final GroupExecutor view;

    /** Null from the end on: who reports a failure of a forgotten future refers to the task. */
    private @Nullable GroupFuture<T> future;

    /** The future had been cancelled before, and shows the outcome to nobody. */
    private boolean orphaned;

    ExecutorTask(Node parent, Object body, Threads threads, Submission<T> submission) {
        super(
                parent,
                null,
                body,
                submission.future == null ? Role.ORDINARY : Role.ISOLATED,
                threads);
        this.view = submission.view;
        this.future = submission.future;
        if (future != null) {
            future.runsAs(this);
        }
    }

    @Override
    void published() {
        GroupFuture<T> f = future;
        future = null;
        if (f != null) {
            orphaned = !f.ended(present());
        }
        view.taskEnded();
    }

    @Override
    void tellHandler(Throwable failure) {
        if (!isIsolated()) {
            super.tellHandler(failure);
        } else if (orphaned) {
            owner().callHandler(this, failure);
        }
    }
}
