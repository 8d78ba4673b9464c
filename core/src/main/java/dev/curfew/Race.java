package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Receiver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A race for the first success.
 *
 * <pre>
 *   contestants run -> one has a value (the winner, by compare-and-set), or all have ended
 *                   -> the others are cancelled -> all have ended
 *                   -> values that nobody gets are disposed of -> the winner's value is returned
 * </pre>
 *
 * <p>Whatever leaves instead of the winner's value, all have ended, every value has been disposed
 * of, the winner's too, and the failures are in what leaves.
 */
final class Race<T extends @Nullable Object> {
    private final List<Callable<? extends T>> works;
    private final @Nullable Disposer<? super T> disposer;
    private final Bell decided = new Bell("a race");
    private final AtomicReference<@Nullable TaskImpl<T>> winner = new AtomicReference<>();
    private final AtomicInteger running;

    /** In the order of their ends. */
    private final Queue<TaskImpl<T>> ended = new ConcurrentLinkedQueue<>();

    Race(
            Collection<? extends Callable<? extends T>> works,
            @Nullable Disposer<? super T> disposer) {
        this.works = List.copyOf(Objects.requireNonNull(works, "works"));
        this.disposer = disposer;
        this.running = new AtomicInteger(this.works.size());
        if (this.works.isEmpty()) {
            throw new IllegalArgumentException("a race needs one contestant or more");
        }
    }

    /** For a caller who has no use for the failures of a race that was won: they are reported. */
    T value() throws InterruptedException {
        Raced<T> raced = run();
        for (TaskImpl<T> task : ended) {
            if (task.outcome().orElseThrow() instanceof Outcome.Failed<T> failed) {
                Reports.report(
                        Report.FAILURE_UNREAD,
                        task.label() + " failed in a race that another task has won",
                        failed.exception());
            }
        }
        return raced.value();
    }

    Raced<T> run() throws InterruptedException {
        Config config =
                Config.blockDefaults()
                        .withName("race")
                        .withFailurePolicy(FailurePolicy.KEEP_GOING)
                        .withFailureHandler((_, _) -> {});
        TaskImpl<T> first;
        try {
            first = BlockRun.<@Nullable TaskImpl<T>, RuntimeException>call(config, this::body);
        } catch (Throwable e) {
            disposeAllBut(null, e);
            failures().forEach(failure -> Problems.keep(e, failure));
            throw e;
        }
        if (first == null) {
            throw nobodyWon();
        }
        disposeAllBut(first, null);
        T value = first.outcome().orElseThrow().get();
        return new Raced<>(first, value, failures());
    }

    private @Nullable TaskImpl<T> body(TaskGroup group) throws InterruptedException {
        for (Callable<? extends T> work : works) {
            TaskImpl<T> task = (TaskImpl<T>) group.<T>fork(work);
            task.whenEnded(() -> ended(task));
        }
        Managed.await(decided, Nanos.NEVER);
        TaskImpl<T> first = winner.get();
        if (first != null) {
            group.cancel("the race was won by " + first.ownName());
        }
        return first;
    }

    private void ended(TaskImpl<T> task) {
        ended.add(task);
        boolean won = task.state() == Task.State.SUCCEEDED && winner.compareAndSet(null, task);
        boolean last = running.decrementAndGet() == 0;
        if (won || (last && winner.get() == null)) {
            decided.ring();
        }
    }

    /** All of them failed or were cancelled. */
    private RuntimeException nobodyWon() throws InterruptedException {
        List<Throwable> failures = failures();
        TaskImpl<T> firstFailed = null;
        TaskImpl<T> firstCancelled = null;
        for (TaskImpl<T> task : ended) {
            if (task.state() == Task.State.FAILED) {
                firstFailed = firstFailed == null ? task : firstFailed;
            } else {
                firstCancelled = firstCancelled == null ? task : firstCancelled;
            }
        }
        if (firstCancelled != null) {
            try {
                Managed.ownCancellationFirst();
            } catch (CancelledException e) {
                failures.forEach(failure -> Problems.keep(e, failure));
                throw e;
            }
        }
        if (firstFailed != null) {
            return new TaskFailedException(firstFailed, failures);
        }
        return firstCancelled != null
                        && firstCancelled.outcome().orElseThrow() instanceof Outcome.Cancelled<T> c
                ? new TaskCancelledException(firstCancelled, c.reason(), c.exception())
                : new IllegalStateException("a race ended without an end");
    }

    private List<Throwable> failures() {
        List<Throwable> failures = new ArrayList<>();
        for (TaskImpl<T> task : ended) {
            if (task.outcome().orElseThrow() instanceof Outcome.Failed<T> failed) {
                failures.add(failed.exception());
            }
        }
        return failures;
    }

    // ---- values that nobody gets -------------------------------------------------------------

    /**
     * @param kept whose value is not disposed of, under whatever name it comes
     * @param leaving what is told of a disposer's failure; if null, that is reported
     */
    private void disposeAllBut(@Nullable TaskImpl<T> kept, @Nullable Throwable leaving) {
        Disposer<? super T> by = disposer;
        if (by == null) {
            return;
        }
        T value = kept == null ? null : kept.outcome().orElseThrow().get();
        List<T> done = new ArrayList<>();
        for (TaskImpl<T> task : ended) {
            if (task != kept
                    && task.outcome().orElseThrow() instanceof Outcome.Succeeded<T>(T other)
                    && other != null
                    && other != value
                    && done.stream().noneMatch(d -> d == other)) {
                done.add(other);
                dispose(by, other, task, leaving);
            }
        }
    }

    private void dispose(
            Disposer<? super T> by, T value, TaskImpl<T> task, @Nullable Throwable leaving) {
        try {
            CancelScope.shield(() -> by.dispose(Objects.requireNonNull(value)));
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Receiver.interruptCaller(); // a stranger's: a shield lets no other one in
            }
            if (leaving != null) {
                Problems.keep(leaving, e);
            } else {
                Reports.report(
                        Report.CLEANUP_FAILED,
                        "the disposer of the value that "
                                + task.label()
                                + " lost a race with threw",
                        e);
            }
        }
    }
}
