package dev.curfew;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A task as a future; see {@link Task#toCompletableFuture}. Its dependents are plain futures. */
final class TaskFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    private final TaskImpl<T> task;

    TaskFuture(TaskImpl<T> task) {
        this.task = task;
    }

    void complete(Outcome<T> outcome) {
        switch (outcome) {
            case Outcome.Succeeded<T>(T value) -> complete(value);
            case Outcome.Failed<T>(_, Throwable exception) -> completeExceptionally(exception);
            case Outcome.Cancelled<T> c ->
                    completeExceptionally(
                            new TaskCancelledException(task, c.reason(), c.exception()));
        }
    }

    /** Asks the task to stop. True if it had not ended; the future completes when it has. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return task.cancel();
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
