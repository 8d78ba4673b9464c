package dev.curfew;

import dev.curfew.internal.tree.Node;
import java.util.concurrent.Callable;
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

    private final Submission<T> submission;

    /** The future had been cancelled before, and shows the outcome to nobody. */
    private boolean orphaned;

    ExecutorTask(
            GroupCore group,
            Node parent,
            @Nullable String name,
            Callable<? extends T> body,
            Threads threads,
            Submission<T> submission) {
        super(group, parent, name, body, threads);
        this.submission = submission;
        if (submission.future != null) {
            submission.future.runsAs(this);
        }
    }

    @Override
    void published() {
        if (submission.future != null) {
            orphaned = !submission.future.ended(present());
        }
        submission.view.taskEnded();
    }

    @Override
    void failed(Throwable failure) {
        if (submission.future == null) {
            super.failed(failure);
        }
    }

    @Override
    void failureRead(Throwable failure) {
        if (submission.future == null) {
            super.failureRead(failure);
        }
    }

    @Override
    void tellHandler(Throwable failure) {
        if (submission.future == null) {
            super.tellHandler(failure);
        } else if (orphaned) {
            owner().callHandler(this, failure);
        }
    }
}
