package dev.curfew;

import dev.curfew.internal.tree.Ending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What {@code invokeAny} waits for: the first success, or the last end. */
final class FirstSuccess<T extends @Nullable Object> extends Ending {
    private final List<GroupFuture<T>> futures;
    private final AtomicInteger open;
    private final AtomicReference<@Nullable GroupFuture<T>> winner = new AtomicReference<>();

    FirstSuccess(Collection<? extends Callable<T>> bodies) {
        this.futures = new ArrayList<>(bodies.size());
        for (Callable<T> body : bodies) {
            futures.add(new GroupFuture<>(body, this::done));
        }
        if (futures.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one task");
        }
        this.open = new AtomicInteger(futures.size());
    }

    List<GroupFuture<T>> futures() {
        return futures;
    }

    /** Those that were started. */
    List<TaskImpl<?>> tasks() {
        List<TaskImpl<?>> tasks = new ArrayList<>(futures.size());
        for (GroupFuture<T> future : futures) {
            TaskImpl<?> task = future.task();
            if (task != null) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    /** On the thread of whoever made it so. */
    private void done(GroupFuture<T> future) {
        boolean won =
                future.state() == GroupFuture.State.SUCCESS && winner.compareAndSet(null, future);
        if (open.decrementAndGet() == 0 || won) {
            wakeAll();
        }
    }

    @Override
    public boolean ended() {
        return winner.get() != null || open.get() == 0;
    }

    @Override
    public String label() {
        return "the first success of " + futures.size() + " tasks";
    }

    /** To be called after the end; the failures count as read. */
    T get() throws InterruptedException, ExecutionException {
        List<Throwable> failures = failures();
        GroupFuture<T> won = winner.get();
        if (won != null) {
            return won.resultNow();
        }
        if (failures.isEmpty()) {
            return noneFailed();
        }
        ExecutionException failed = new ExecutionException(failures.getFirst());
        failures.stream().skip(1).forEach(failed::addSuppressed);
        throw failed;
    }

    /** There was no success in time; what has failed by then is suppressed. */
    TimeoutException late() {
        TimeoutException late = new TimeoutException("none of the tasks has succeeded in time");
        failures().forEach(late::addSuppressed);
        return late;
    }

    private List<Throwable> failures() {
        List<Throwable> failures = new ArrayList<>();
        for (GroupFuture<T> future : futures) {
            Throwable failure = future.failure();
            if (failure != null) {
                failures.add(failure);
            }
        }
        return failures;
    }

    /** All were cancelled, by others than {@code invokeAny}. */
    private T noneFailed() throws InterruptedException, ExecutionException {
        try {
            return futures.getFirst().get();
        } catch (TaskCancelledException e) {
            throw new ExecutionException(e);
        }
    }
}
