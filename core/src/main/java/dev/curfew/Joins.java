package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Combined;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waits for several tasks that exist already. */
final class Joins {
    private Joins() {}

    /** Each task once, in their order. */
    static <T extends @Nullable Object> SequencedSet<TaskImpl<T>> distinct(
            Collection<? extends Task<T>> tasks) {
        SequencedSet<TaskImpl<T>> distinct = new LinkedHashSet<>();
        for (Task<T> task : Objects.requireNonNull(tasks, "tasks")) {
            distinct.add((TaskImpl<T>) Objects.requireNonNull(task, "a task"));
        }
        return distinct;
    }

    // ---- waiting ---------------------------------------------------------------------------

    static <T extends @Nullable Object> Ended<T> first(
            Collection<? extends Task<T>> tasks, long deadline) throws InterruptedException {
        List<TaskImpl<T>> distinct = List.copyOf(distinct(tasks));
        if (distinct.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no first one of no tasks; this wait would never end");
        }
        boolean one = distinct.size() == 1;
        await(distinct, one, () -> distinct.stream().anyMatch(TaskImpl::ended), deadline);
        return split(distinct);
    }

    static <T extends @Nullable Object> Ended<T> firstFailed(
            Collection<? extends Task<T>> tasks, long deadline) throws InterruptedException {
        List<TaskImpl<T>> distinct = List.copyOf(distinct(tasks));
        await(distinct, distinct.size() == 1, allOrAny(distinct, Joins::failed), deadline);
        return split(distinct);
    }

    static <T extends @Nullable Object> Ended<T> all(
            Collection<? extends Task<T>> tasks, long deadline) throws InterruptedException {
        List<TaskImpl<T>> distinct = List.copyOf(distinct(tasks));
        await(distinct, true, allOrAny(distinct, _ -> false), deadline);
        return split(distinct);
    }

    static <T extends @Nullable Object> List<T> values(Collection<? extends Task<T>> tasks)
            throws InterruptedException {
        List<Task<T>> given = List.copyOf(tasks);
        List<TaskImpl<T>> distinct = List.copyOf(distinct(given));
        await(distinct, true, allOrAny(distinct, Joins::hasNoValue), Nanos.NEVER);
        List<Throwable> failures = new ArrayList<>();
        TaskImpl<T> firstFailed = null;
        for (TaskImpl<T> task : distinct) {
            if (failed(task) && task.outcome().orElseThrow() instanceof Outcome.Failed<T> f) {
                failures.add(f.exception());
                firstFailed = firstFailed == null ? task : firstFailed;
            }
        }
        if (firstFailed != null) {
            throw new TaskFailedException(firstFailed, failures);
        }
        for (TaskImpl<T> task : distinct) {
            if (hasNoValue(task)) {
                task.await();
            }
        }
        List<T> values = new ArrayList<>(given.size());
        for (Task<T> task : given) {
            values.add(task.await());
        }
        return Collections.unmodifiableList(values);
    }

    /** Not by its outcome, which would count as read. */
    private static boolean failed(TaskImpl<?> task) {
        return task.state() == Task.State.FAILED;
    }

    private static boolean hasNoValue(TaskImpl<?> task) {
        return switch (task.state()) {
            case FAILED, CANCELLED -> true;
            case RUNNING, CANCELLING, SUCCEEDED -> false;
        };
    }

    /** Becomes true when one is {@code enough}, or all have ended; cheap to ask again and again. */
    private static <T extends @Nullable Object> BooleanSupplier allOrAny(
            List<TaskImpl<T>> tasks, Predicate<TaskImpl<T>> enough) {
        List<TaskImpl<T>> running = new ArrayList<>(tasks);
        boolean[] found = {false};
        return () -> {
            if (!found[0]) {
                running.removeIf(task -> {
                    boolean ended = task.ended();
                    found[0] |= ended && enough.test(task);
                    return ended;
                });
            }
            return found[0] || running.isEmpty();
        };
    }

    private static void await(
            List<? extends TaskImpl<?>> tasks,
            boolean needsAll,
            BooleanSupplier over,
            long deadline)
            throws InterruptedException {
        if (!over.getAsBoolean()) {
            Managed.await(new Combined(tasks, needsAll, over), deadline);
        }
    }

    private static <T extends @Nullable Object> Ended<T> split(List<TaskImpl<T>> tasks) {
        SequencedSet<Task<T>> done = new LinkedHashSet<>();
        SequencedSet<Task<T>> pending = new LinkedHashSet<>();
        for (TaskImpl<T> task : tasks) {
            (task.ended() ? done : pending).add(task);
        }
        return new Ended<>(done, pending);
    }

    // ---- cancelling ------------------------------------------------------------------------

    static <T extends @Nullable Object> List<Outcome<T>> cancelAndJoin(
            Collection<? extends Task<T>> tasks) throws InterruptedException {
        List<Task<T>> given = List.copyOf(tasks);
        List<TaskImpl<T>> running = running(distinct(given));
        if (!running.isEmpty()) {
            Managed.awaitHeld(running, Nanos.NEVER, () -> cancel(running, ""));
        }
        List<Outcome<T>> outcomes = new ArrayList<>(given.size());
        for (Task<T> task : given) {
            outcomes.add(task.outcome().orElseThrow());
        }
        return List.copyOf(outcomes);
    }

    static <T extends @Nullable Object> void cancelAndJoinQuietly(
            SequencedSet<TaskImpl<T>> tasks, String why) {
        List<TaskImpl<T>> running = running(tasks);
        if (!running.isEmpty()) {
            Managed.awaitQuietly(running, Nanos.NEVER, () -> cancel(running, why));
        }
    }

    private static <T extends @Nullable Object> List<TaskImpl<T>> running(
            Collection<TaskImpl<T>> tasks) {
        return tasks.stream().filter(task -> !task.ended()).toList();
    }

    private static void cancel(List<? extends TaskImpl<?>> tasks, String why) {
        CancelReason reason = Reasons.requested(CancelReason.Kind.REQUESTED, why);
        tasks.forEach(task -> task.request(reason));
    }
}
