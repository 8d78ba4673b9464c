package dev.curfew;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A task for each of several items, in a group of the call's own; the results in the items' order.
 *
 * <p>The items are read on the caller's thread, one when a task for it may start: with a limit a
 * task's end makes room for the next. The results of a head of the list that has ended are taken
 * from their tasks at once, so that no more tasks are held than the slowest one holds up.
 *
 * <p>A failure cancels the group, unless every outcome is wanted. A task that was cancelled on its
 * own fails nobody; but where every value is wanted there is no result without its, so it cancels
 * the group too.
 */
final class Gathering<I extends @Nullable Object, T extends @Nullable Object> {
    static final int UNLIMITED = Integer.MAX_VALUE;

    private final Iterable<? extends I> items;
    private final ItemWork<? super I, ? extends T> work;
    private final @Nullable Slots slots;

    /** Whether there is no result without every task's value. Set before there are tasks. */
    private boolean wholeOnly;

    /** A task that was cancelled, where every value is wanted. */
    private final AtomicReference<@Nullable TaskImpl<T>> missing = new AtomicReference<>();

    /** Tasks whose results have not been taken, in order. The caller's thread only. */
    private final ArrayDeque<TaskImpl<T>> pending = new ArrayDeque<>();

    /**
     * @param limit how many tasks there may be at a time
     */
    Gathering(Iterable<? extends I> items, int limit, ItemWork<? super I, ? extends T> work) {
        this.items = Objects.requireNonNull(items, "items");
        this.work = Objects.requireNonNull(work, "work");
        this.slots = limit == UNLIMITED ? null : new Slots(limit);
    }

    static <T extends @Nullable Object> Gathering<Callable<? extends T>, T> ofWorks(
            Collection<? extends Callable<? extends T>> works, int limit) {
        return new Gathering<>(
                List.copyOf(Objects.requireNonNull(works, "works")), limit, Callable::call);
    }

    static <I extends @Nullable Object> Gathering<I, @Nullable Void> ofVoid(
            Iterable<? extends I> items, int limit, VoidItemWork<? super I> work) {
        Objects.requireNonNull(work, "work");
        return new Gathering<>(
                items,
                limit,
                item -> {
                    work.run(item);
                    return null;
                });
    }

    static int limit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "the limit must be 1 or more, not "
                            + limit
                            + ": it is the number of tasks that may run at the same time");
        }
        return limit;
    }

    // ---- every value, or a failure -----------------------------------------------------------

    List<T> values(String name) throws InterruptedException {
        List<T> values = new ArrayList<>();
        whole(
                name,
                group ->
                        forEachItem(
                                group,
                                task -> {
                                    pending.add(task);
                                    take(values, false);
                                },
                                () -> take(values, true)));
        return Collections.unmodifiableList(values);
    }

    private void take(List<T> values, boolean all) throws InterruptedException {
        while (!pending.isEmpty() && (all || pending.element().ended())) {
            values.add(pending.element().await());
            pending.remove();
        }
    }

    /** The tasks are not held: there may be any number of items, over any time. */
    void forEach(String name) throws InterruptedException {
        whole(name, group -> forEachItem(group, _ -> {}, group::join));
        TaskCancelledException cancelled = missing();
        if (cancelled != null) {
            throw cancelled;
        }
    }

    private void whole(String name, VoidBlock<RuntimeException> body) throws InterruptedException {
        wholeOnly = true;
        try {
            BlockRun.<@Nullable Void, RuntimeException>call(
                    Config.blockDefaults().withName(name),
                    group -> {
                        body.run(group);
                        return null;
                    });
        } catch (TaskCancelledException e) {
            TaskCancelledException cancelled = e.task().isEmpty() ? missing() : null;
            if (cancelled == null) {
                throw e;
            }
            Throwable left = e.getCause();
            if (left != null && !Problems.isBareSignal(left)) {
                Problems.keep(cancelled, left);
            }
            throw cancelled;
        }
    }

    /** What says that a value is missing, and why; null if none is. */
    private @Nullable TaskCancelledException missing() throws InterruptedException {
        TaskImpl<T> task = missing.get();
        if (task == null || !(task.outcome().orElse(null) instanceof Outcome.Cancelled<T> c)) {
            return null;
        }
        Managed.ownCancellationFirst();
        return new TaskCancelledException(task, c.reason(), c.exception());
    }

    // ---- every outcome -----------------------------------------------------------------------

    List<Outcome<T>> outcomes(String name) throws InterruptedException {
        List<Outcome<T>> outcomes = new ArrayList<>();
        Config config =
                Config.blockDefaults()
                        .withName(name)
                        .withFailurePolicy(FailurePolicy.KEEP_GOING)
                        .withFailureHandler((_, _) -> {});
        try {
            BlockRun.<@Nullable Void, RuntimeException>call(
                    config,
                    group -> {
                        forEachItem(
                                group,
                                task -> {
                                    pending.add(task);
                                    join(outcomes, false);
                                },
                                () -> join(outcomes, true));
                        return null;
                    });
            if (outcomes.stream().anyMatch(o -> o instanceof Outcome.Cancelled<T>)) {
                Managed.ownCancellationFirst(); // not passed off as theirs
            }
        } catch (Throwable e) {
            pending.forEach(task -> task.outcome().ifPresent(outcomes::add));
            for (Outcome<T> outcome : outcomes) {
                if (outcome instanceof Outcome.Failed<T> failed) {
                    Problems.keep(e, failed.exception());
                }
            }
            throw e;
        }
        return Collections.unmodifiableList(outcomes);
    }

    private void join(List<Outcome<T>> outcomes, boolean all) throws InterruptedException {
        while (!pending.isEmpty() && (all || pending.element().ended())) {
            outcomes.add(pending.element().join());
            pending.remove();
        }
    }

    // ---- one task for each item ---------------------------------------------------------------

    @FunctionalInterface
    private interface Taker<T extends @Nullable Object> {
        void take(TaskImpl<T> task) throws InterruptedException;
    }

    private void forEachItem(TaskGroup group, Taker<T> taker, VoidWork<RuntimeException> atEnd)
            throws InterruptedException {
        Iterator<? extends I> iterator = items.iterator();
        for (; ; ) {
            if (slots != null) {
                slots.take();
            }
            if (!iterator.hasNext()) {
                break;
            }
            Managed.checkpoint();
            I item = iterator.next();
            Callable<T> body = () -> work.run(item);
            TaskImpl<T> task = (TaskImpl<T>) group.<T>fork(body);
            if (slots != null || wholeOnly) {
                task.whenEnded(() -> ended(group, task));
            }
            taker.take(task);
        }
        atEnd.run();
    }

    /** On the ending task's thread, mostly. */
    private void ended(TaskGroup group, TaskImpl<T> task) {
        if (wholeOnly && task.state() == Task.State.CANCELLED) {
            missing.compareAndSet(null, task);
            if (task.cancelling() > 0) {
                group.cancel("its task " + task.ownName() + " was cancelled on its own");
            }
        }
        if (slots != null) {
            slots.give();
        }
    }
}
