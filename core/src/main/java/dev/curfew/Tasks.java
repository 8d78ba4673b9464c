package dev.curfew;

import dev.curfew.internal.time.Nanos;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What is done with several tasks together, and with the futures of others.
 *
 * <p>There are two families. Methods that take <em>work</em> ({@link #all}, {@link #settle}, {@link
 * #race}, {@link #map}, {@link #forEach}, {@link #callCompletions}) start it, as tasks of a group
 * of their own, and have ended all of it when they return or throw, whatever the cause: a failure,
 * the caller's cancellation, a deadline around, or an iterator that throws. The caller's
 * cancellation leaves them as {@link CancelledException}; where it collides with a failure, the
 * group's rule holds ({@link TaskGroup}).
 *
 * {@snippet file="dev/curfew/samples/TasksSamples.java" region="map"}
 *
 * <p>Methods that take <em>tasks</em> ({@link #joinAll}, {@link #joinFirst}, {@link
 * #joinFirstFailed}, {@link #awaitAll}) only wait for them: the tasks belong to their groups and go
 * on, also if the waiting code is cancelled. {@link #cancelAndJoinAll} and {@link #completions} end
 * them.
 *
 * <p>All waits are managed waits. All methods may be called by any thread, in any scope or in none.
 */
public final class Tasks {
    private Tasks() {}

    // ---- work -------------------------------------------------------------------

    /**
     * Does all work at the same time, for all values. The first failure cancels the rest.
     *
     * @param <T> the values' type
     * @param works each is run by a task of its own
     * @return the values in the order of the works; unmodifiable, may hold nulls
     * @throws TaskFailedException if one failed, with the failures of all
     * @throws TaskCancelledException if one was cancelled on its own, so that its value is missing
     * @throws InterruptedException if the code around is cancelled or this thread was interrupted
     */
    public static <T extends @Nullable Object> List<T> all(
            Collection<? extends Callable<? extends T>> works) throws InterruptedException {
        return Gathering.<T>ofWorks(works, Gathering.UNLIMITED).values("all");
    }

    /** Like {@link #all(Collection)}. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T extends @Nullable Object> List<T> all(Callable<? extends T>... works)
            throws InterruptedException {
        return all(List.of(works));
    }

    /**
     * Makes a value of each item, all at the same time. The first failure cancels the rest.
     *
     * @param <I> the items' type
     * @param <T> the values' type
     * @param items read on this thread, to the end
     * @param work is run for each item by a task of its own
     * @return the values in the order of the items; unmodifiable, may hold nulls
     * @throws TaskFailedException if one failed, with the failures of all
     * @throws TaskCancelledException if one was cancelled on its own, so that its value is missing
     * @throws InterruptedException if the code around is cancelled or this thread was interrupted
     */
    public static <I extends @Nullable Object, T extends @Nullable Object> List<T> map(
            Iterable<? extends I> items, ItemWork<? super I, ? extends T> work)
            throws InterruptedException {
        return new Gathering<I, T>(items, Gathering.UNLIMITED, work).values("map");
    }

    /**
     * Like {@link #map(Iterable, ItemWork)}, for a few items at a time: an item is read when a task
     * for it may start, so that a long input is not held in memory.
     *
     * @param limit how many tasks there are at most at any time, 1 or more
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public static <I extends @Nullable Object, T extends @Nullable Object> List<T> map(
            Iterable<? extends I> items, int limit, ItemWork<? super I, ? extends T> work)
            throws InterruptedException {
        return new Gathering<I, T>(items, Gathering.limit(limit), work).values("map");
    }

    /**
     * Does something with each item, all at the same time. The first failure cancels the rest.
     *
     * @param <I> the items' type
     * @param items read on this thread, to the end
     * @param work is run for each item by a task of its own
     * @throws TaskFailedException if one failed, with the failures of all
     * @throws TaskCancelledException if one was cancelled on its own, so that its work is not done
     * @throws InterruptedException if the code around is cancelled or this thread was interrupted
     */
    public static <I extends @Nullable Object> void forEach(
            Iterable<? extends I> items, VoidItemWork<? super I> work) throws InterruptedException {
        Gathering.<I>ofVoid(items, Gathering.UNLIMITED, work).forEach("forEach");
    }

    /**
     * Like {@link #forEach(Iterable, VoidItemWork)}, for a few items at a time: an item is read
     * when a task for it may start. The input may be endless.
     *
     * @param limit how many tasks there are at most at any time, 1 or more
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public static <I extends @Nullable Object> void forEach(
            Iterable<? extends I> items, int limit, VoidItemWork<? super I> work)
            throws InterruptedException {
        Gathering.<I>ofVoid(items, Gathering.limit(limit), work).forEach("forEach");
    }

    /**
     * Does all work at the same time, for all outcomes. A failure cancels nobody.
     *
     * @param <T> the values' type
     * @param works each is run by a task of its own
     * @return how each ended, in the order of the works; unmodifiable
     * @throws InterruptedException if the code around is cancelled or this thread was interrupted;
     *     failures that had happened are suppressed in it
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> List<Outcome<T>> settle(
            Collection<? extends Callable<? extends T>> works) throws InterruptedException {
        return Gathering.<T>ofWorks(works, Gathering.UNLIMITED).outcomes("settle");
    }

    /**
     * Like {@link #settle(Collection)}, for a few works at a time.
     *
     * @param limit how many tasks there are at most at any time, 1 or more
     * @throws IllegalArgumentException if the limit is less than 1
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> List<Outcome<T>> settle(
            Collection<? extends Callable<? extends T>> works, int limit)
            throws InterruptedException {
        return Gathering.<T>ofWorks(works, Gathering.limit(limit)).outcomes("settle");
    }

    /** Like {@link #race(Collection, Disposer)}, for values that need no disposal. */
    public static <T extends @Nullable Object> T race(
            Collection<? extends Callable<? extends T>> works) throws InterruptedException {
        return new Race<T>(works, null).value();
    }

    /**
     * Does all work at the same time, for the first value. The others are cancelled, and have ended
     * when this returns. A failure ends nothing unless all fail.
     *
     * {@snippet file="dev/curfew/samples/TasksSamples.java" region="race"}
     *
     * <p>Failures of a race that was won are reported, one by one; {@link #raceFully} hands them
     * out instead.
     *
     * @param <T> the value's type
     * @param works each is run by a task of its own; at least one
     * @param disposer is handed each further value, on this thread, in a shield and after all have
     *     ended; and the winner's too if something else leaves. Not called for null, nor for the
     *     very object that is returned. What it throws is reported, or suppressed in what leaves
     * @return the value of the first to end with one
     * @throws TaskFailedException if none has a value and at least one failed, with all failures in
     *     the order in which they happened
     * @throws TaskCancelledException if each of them was cancelled on its own
     * @throws IllegalArgumentException if there are no works
     * @throws InterruptedException if the code around is cancelled or this thread was interrupted
     */
    public static <T extends @Nullable Object> T race(
            Collection<? extends Callable<? extends T>> works, Disposer<? super T> disposer)
            throws InterruptedException {
        return new Race<T>(works, Objects.requireNonNull(disposer, "disposer")).value();
    }

    /**
     * Like {@link #race(Collection, Disposer)}, and tells who has won and what failed beside.
     *
     * @return the winner, its value, and the failures of others
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Raced<T> raceFully(
            Collection<? extends Callable<? extends T>> works, Disposer<? super T> disposer)
            throws InterruptedException {
        return new Race<T>(works, Objects.requireNonNull(disposer, "disposer")).run();
    }

    /**
     * Does all work at the same time, and hands the tasks to {@code body} in the order in which
     * they end. A failure cancels nobody. When the body returns or throws, what goes on is
     * cancelled, and has ended when this returns.
     *
     * @param <T> the type of the tasks' values
     * @param <R> the type of the body's value
     * @param <X> the body's own checked exception
     * @param works each is run by a task of its own
     * @param body runs on this thread
     * @return the body's value
     * @throws X what the body threw
     * @throws InterruptedException if the code around is cancelled
     */
    public static <T extends @Nullable Object, R extends @Nullable Object, X extends Exception>
            R callCompletions(
                    Collection<? extends Callable<? extends T>> works,
                    CompletionsWork<T, ? extends R, ? extends X> body)
                    throws X, InterruptedException {
        return Completions.<T, R, X>call(works, body);
    }

    /** Like {@link #callCompletions}, for a body without a value. */
    public static <T extends @Nullable Object, X extends Exception> void runCompletions(
            Collection<? extends Callable<? extends T>> works,
            VoidCompletionsWork<T, ? extends X> body)
            throws X, InterruptedException {
        Objects.requireNonNull(body, "body");
        Completions.<T, @Nullable Void, X>call(
                works,
                completions -> {
                    body.run(completions);
                    return null;
                });
    }

    /**
     * A view of tasks that exist, in the order in which they end. The tasks belong to their groups;
     * closing the view cancels and awaits those that have not ended.
     *
     * @param <T> the type of the tasks' values
     * @param tasks each is handed out once
     * @return the view, to be closed, best by try-with-resources
     */
    public static <T extends @Nullable Object> Completions<T> completions(
            Collection<? extends Task<T>> tasks) {
        return new Completions<>(tasks);
    }

    // ---- tasks -------------------------------------------------------------------------------

    /**
     * Waits for all values; cancels nothing. Throws as soon as one of the tasks has ended without a
     * value: the others go on then.
     *
     * @param <T> the values' type
     * @param tasks the same one may be given twice
     * @return the values in the order of the tasks; unmodifiable, may hold nulls
     * @throws TaskFailedException if one failed, with the failures of all that have by then
     * @throws TaskCancelledException if one was cancelled, and none failed
     * @throws InterruptedException if the waiting code is cancelled or interrupted
     * @throws WaitCycleException if one of the tasks waits for the caller, or is the caller
     */
    public static <T extends @Nullable Object> List<T> awaitAll(Collection<? extends Task<T>> tasks)
            throws InterruptedException {
        return Joins.values(tasks);
    }

    /**
     * Waits until all tasks have ended. Never throws what they ended with.
     *
     * @param <T> the type of the tasks' values
     * @param tasks the tasks
     * @param limit the longest wait, zero or more
     * @return those that have ended, and those that go on
     * @throws InterruptedException if the waiting code is cancelled or interrupted
     * @throws WaitCycleException if one of the tasks waits for the caller, or is the caller
     * @throws IllegalArgumentException if the limit is negative
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Ended<T> joinAllWithin(
            Duration limit, Collection<? extends Task<T>> tasks) throws InterruptedException {
        return Joins.all(tasks, Managed.deadline(limit, "limit"));
    }

    /** Like {@link #joinAllWithin}, without a limit. */
    public static <T extends @Nullable Object> Ended<T> joinAll(Collection<? extends Task<T>> tasks)
            throws InterruptedException {
        return Joins.all(tasks, Nanos.NEVER);
    }

    /**
     * Waits until at least one of the tasks has ended, with whatever outcome; the others go on.
     *
     * <p>A wait for the first of several tasks takes no part in the search for cycles of waits.
     *
     * @param <T> the type of the tasks' values
     * @param tasks at least one
     * @return those that have ended, and those that go on
     * @throws InterruptedException if the waiting code is cancelled or interrupted
     * @throws IllegalArgumentException if there are no tasks
     */
    public static <T extends @Nullable Object> Ended<T> joinFirst(
            Collection<? extends Task<T>> tasks) throws InterruptedException {
        return Joins.first(tasks, Nanos.NEVER);
    }

    /**
     * Like {@link #joinFirst}, no longer than the given time.
     *
     * @param limit the longest wait, zero or more
     * @return those that have ended, maybe none, and those that go on
     * @throws IllegalArgumentException if the limit is negative, or there are no tasks
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Ended<T> joinFirstWithin(
            Duration limit, Collection<? extends Task<T>> tasks) throws InterruptedException {
        return Joins.first(tasks, Managed.deadline(limit, "limit"));
    }

    /**
     * Waits until one of the tasks has failed, or all have ended; the others go on. Being cancelled
     * is not a failure.
     *
     * @param <T> the type of the tasks' values
     * @param tasks the tasks
     * @return those that have ended, and those that go on
     * @throws InterruptedException if the waiting code is cancelled or interrupted
     */
    public static <T extends @Nullable Object> Ended<T> joinFirstFailed(
            Collection<? extends Task<T>> tasks) throws InterruptedException {
        return Joins.firstFailed(tasks, Nanos.NEVER);
    }

    /**
     * Asks all tasks to stop, then waits until all have ended: that takes as long as the slowest
     * one does. In everything else like {@link Task#cancelAndJoin()}: a cancellation of the caller
     * does not cut the wait short and is thrown afterwards.
     *
     * @param <T> the type of the tasks' values
     * @param tasks the tasks
     * @return how each ended, in the order of the tasks; unmodifiable
     * @throws InterruptedException after all have ended, if the caller was cancelled or interrupted
     * @throws WaitCycleException if one of the tasks waits for the caller, or is the caller; then
     *     nothing was requested
     */
    public static <T extends @Nullable Object> List<Outcome<T>> cancelAndJoinAll(
            Collection<? extends Task<T>> tasks) throws InterruptedException {
        return Joins.cancelAndJoin(tasks);
    }

    // ---- futures -----------------------------------------------------------------------------

    /**
     * Waits for a stage, in a managed wait.
     *
     * <p>Unlike a wait for a task, this takes over what it waits for, since nobody else owns it: if
     * the waiting code is cancelled or interrupted, the stage's future is cancelled, and the wait
     * ends without waiting for what computes it; a {@link CompletableFuture} does not know that. To
     * go on instead, wait for {@code stage.toCompletableFuture().copy()}.
     *
     * @param <T> the value's type
     * @param stage what to wait for
     * @return the value
     * @throws TaskFailedException if it was completed with an exception; that is the cause, without
     *     the {@link java.util.concurrent.CompletionException} around it
     * @throws TaskCancelledException if it was cancelled by somebody else
     * @throws InterruptedException if the waiting code is cancelled ({@link CancelledException}) or
     *     interrupted
     */
    public static <T extends @Nullable Object> T await(CompletionStage<? extends T> stage)
            throws InterruptedException {
        return Futures.await(stage);
    }

    /** The same as {@link #await(CompletionStage)}. */
    public static <T extends @Nullable Object> T await(CompletableFuture<? extends T> future)
            throws InterruptedException {
        return Futures.await((CompletionStage<? extends T>) future);
    }

    /**
     * Waits for a future. Like {@link #await(CompletionStage)}: if the waiting code is cancelled or
     * interrupted, so is the future, by {@code cancel(true)}, and the wait ends without waiting for
     * the code behind it, which goes on until it notices; an executor has no way to know when.
     *
     * <p>A future has no other means than {@code get} to wait for it, so this is a managed wait as
     * far as that allows: a cancellation interrupts it and cancels the future. Where interrupts are
     * held back ({@link CancelScope#withoutInterrupts}) it ends if cancelling the future ends it.
     *
     * @param <T> the value's type
     * @param future what to wait for
     * @return the value
     * @throws TaskFailedException if it failed; the cause is what it failed with
     * @throws TaskCancelledException if it was cancelled by somebody else
     * @throws InterruptedException if the waiting code is cancelled ({@link CancelledException}) or
     *     interrupted
     */
    public static <T extends @Nullable Object> T await(Future<? extends T> future)
            throws InterruptedException {
        return Futures.await(future);
    }
}
