package dev.curfew;

import dev.curfew.internal.time.Nanos;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The owner of tasks: it does not end before every one of them has.
 *
 * <p>This is what bodies, tasks and libraries are handed; they can fork into it and cancel it, but
 * not close it. The block form, {@link #call} and {@link #run}, ends with its block; the form that
 * lives in a field is {@link ServiceGroup}.
 *
 * <p>A block runs its body on the caller's own thread. When the body has returned the block waits
 * for the tasks; when it has thrown they are cancelled and waited for. When a task fails, its
 * siblings and the body are cancelled, all are waited for, and one {@link TaskFailedException}
 * leaves with every failure in it ({@link FailurePolicy}). A body's own exception leaves as itself,
 * with the tasks' failures suppressed in it, unless the group was being cancelled for a failure
 * already.
 *
 * <p>When the code around the block is cancelled, so are body and tasks; all are waited for, and
 * then the cancellation leaves. Where it collides with a failure the failure leaves, and the
 * cancellation stays pending for the next blocking call.
 *
 * <p>All methods of an instance may be called by any thread.
 */
public sealed interface TaskGroup permits BlockGroup, ServiceGroup {

    /**
     * Runs a block with a value.
     *
     * @param <T> the value's type
     * @param <X> the body's own checked exception
     * @param body runs on this thread
     * @return the body's value, once all tasks have ended
     * @throws X what the body threw
     * @throws TaskFailedException if a task failed
     * @throws TaskCancelledException if the group was cancelled by hand and there is no value
     * @throws WaitCycleException if a task of the group waits for the caller; the group is
     *     cancelled then, and has ended
     * @throws InterruptedException if the code around is cancelled ({@link CancelledException}), or
     *     this thread was interrupted while it waited for the tasks
     */
    static <T extends @Nullable Object, X extends Exception> T call(
            Block<? extends T, ? extends X> body) throws X, InterruptedException {
        return BlockRun.call(Config.blockDefaults(), body);
    }

    /**
     * Like {@link #call(Block)}, with settings.
     *
     * @param config changes the default settings
     */
    static <T extends @Nullable Object, X extends Exception> T call(
            UnaryOperator<Config> config, Block<? extends T, ? extends X> body)
            throws X, InterruptedException {
        return BlockRun.call(Config.blockDefaults(config), body);
    }

    /**
     * Runs a block without a value. Like {@link #call(Block)}; cancelled by hand, it returns
     * normally.
     *
     * @param <X> the body's own checked exception
     * @param body runs on this thread
     */
    static <X extends Exception> void run(VoidBlock<? extends X> body)
            throws X, InterruptedException {
        BlockRun.<@Nullable Void, X>run(
                Config.blockDefaults(), null, Objects.requireNonNull(body, "body"));
    }

    /**
     * Like {@link #run(VoidBlock)}, with settings.
     *
     * @param config changes the default settings
     */
    static <X extends Exception> void run(UnaryOperator<Config> config, VoidBlock<? extends X> body)
            throws X, InterruptedException {
        BlockRun.<@Nullable Void, X>run(
                Config.blockDefaults(config), null, Objects.requireNonNull(body, "body"));
    }

    /**
     * Starts a task that has no name of its own.
     *
     * @param <T> the value's type
     * @param body runs on a thread of its own
     * @return the task
     * @throws GroupClosedException if the group takes no more tasks; the body does not run. In a
     *     cancelled block whose body still runs the task is taken, and starts with the cancellation
     *     pending
     */
    default <T extends @Nullable Object> Task<T> fork(Callable<? extends T> body) {
        return GroupCore.of(this).fork(null, body, Role.ORDINARY);
    }

    /**
     * Starts a task.
     *
     * @param <T> the value's type
     * @param name what the task does; the task's and its thread's name end with it
     * @param body runs on a thread of its own
     * @return the task
     * @throws GroupClosedException like {@link #fork(Callable)}
     */
    default <T extends @Nullable Object> Task<T> fork(String name, Callable<? extends T> body) {
        return GroupCore.of(this).fork(GroupCore.given(name), body, Role.ORDINARY);
    }

    /** Like {@link #fork(Callable)}, for a body without a value. */
    default Task<@Nullable Void> fork(VoidWork<?> body) {
        return GroupCore.of(this).forkWork(null, body, Role.ORDINARY);
    }

    /** Like {@link #fork(String, Callable)}, for a body without a value. */
    default Task<@Nullable Void> fork(String name, VoidWork<?> body) {
        return GroupCore.of(this).forkWork(GroupCore.given(name), body, Role.ORDINARY);
    }

    /**
     * Starts a task whose failure fails nobody: whoever awaits it decides. For what others can do
     * without, the optional part of a page, say. A failure that nobody has read is reported.
     *
     * {@snippet file="dev/curfew/samples/RolesSamples.java" region="isolated"}
     *
     * @param <T> the value's type
     * @param body runs on a thread of its own
     * @return the task
     * @throws GroupClosedException like {@link #fork(Callable)}
     */
    default <T extends @Nullable Object> Task<T> forkIsolated(Callable<? extends T> body) {
        return GroupCore.of(this).fork(null, body, Role.ISOLATED);
    }

    /** Like {@link #forkIsolated(Callable)}, with a name. */
    default <T extends @Nullable Object> Task<T> forkIsolated(
            String name, Callable<? extends T> body) {
        return GroupCore.of(this).fork(GroupCore.given(name), body, Role.ISOLATED);
    }

    /** Like {@link #forkIsolated(Callable)}, for a body without a value. */
    default Task<@Nullable Void> forkIsolated(VoidWork<?> body) {
        return GroupCore.of(this).forkWork(null, body, Role.ISOLATED);
    }

    /** Like {@link #forkIsolated(String, Callable)}, for a body without a value. */
    default Task<@Nullable Void> forkIsolated(String name, VoidWork<?> body) {
        return GroupCore.of(this).forkWork(GroupCore.given(name), body, Role.ISOLATED);
    }

    /**
     * Starts a task that serves the group's other tasks and its body, and that stops last: it is
     * cancelled once they all have ended. What cancels the group does not reach it before that, so
     * it still serves their clean-up; its own {@link Task#cancel()} does. {@link #join()} does not
     * wait for it. Its failure is a failure like any other.
     *
     * <p>In a {@link ServiceGroup} it goes on until the group is closed or shut down.
     *
     * {@snippet file="dev/curfew/samples/RolesSamples.java" region="background"}
     *
     * @param <T> the value's type
     * @param body runs on a thread of its own
     * @return the task
     * @throws GroupClosedException like {@link #fork(Callable)}
     */
    default <T extends @Nullable Object> Task<T> forkBackground(Callable<? extends T> body) {
        return GroupCore.of(this).fork(null, body, Role.BACKGROUND);
    }

    /** Like {@link #forkBackground(Callable)}, with a name. */
    default <T extends @Nullable Object> Task<T> forkBackground(
            String name, Callable<? extends T> body) {
        return GroupCore.of(this).fork(GroupCore.given(name), body, Role.BACKGROUND);
    }

    /** Like {@link #forkBackground(Callable)}, for a body without a value. */
    default Task<@Nullable Void> forkBackground(VoidWork<?> body) {
        return GroupCore.of(this).forkWork(null, body, Role.BACKGROUND);
    }

    /** Like {@link #forkBackground(String, Callable)}, for a body without a value. */
    default Task<@Nullable Void> forkBackground(String name, VoidWork<?> body) {
        return GroupCore.of(this).forkWork(GroupCore.given(name), body, Role.BACKGROUND);
    }

    /**
     * Starts a task and waits until it says that it is ready; it goes on after that, as a task like
     * any other. Follows trio's {@code nursery.start}.
     *
     * {@snippet file="dev/curfew/samples/RolesSamples.java" region="start"}
     *
     * <p>If the caller is cancelled or interrupted before the task is ready, the task is cancelled,
     * and waited for. If the group is cancelled meanwhile, the task is, and {@code start} throws
     * {@link TaskCancelledException}.
     *
     * @param <V> what it is ready with
     * @param name like in {@link #fork(String, Callable)}
     * @param body runs on a thread of its own
     * @return the task, and what it is ready with
     * @throws TaskFailedException if the body threw before it was ready; that fails nobody else
     * @throws TaskCancelledException if the task was cancelled before it was ready
     * @throws IllegalStateException if the body returned without having been ready
     * @throws GroupClosedException like {@link #fork(Callable)}
     * @throws WaitCycleException if the task waits for the caller; the task is cancelled then
     * @throws InterruptedException if the caller is cancelled ({@link CancelledException}) or
     *     interrupted before the task is ready; the task has ended then
     */
    default <V extends @Nullable Object> Started<V> start(String name, ServiceBody<V> body)
            throws InterruptedException {
        return Starting.start(
                GroupCore.of(this), GroupCore.given(name), Objects.requireNonNull(body, "body"));
    }

    /**
     * Waits until the tasks that the group has now have ended, but for those in the background; the
     * group stays open.
     *
     * @throws TaskFailedException if the group was cancelled for a failure
     * @throws InterruptedException if the waiting code is cancelled ({@link CancelledException}) or
     *     interrupted
     * @throws WaitCycleException if one of the tasks waits for the caller, or is the caller
     */
    default void join() throws InterruptedException {
        GroupCore.of(this).joinPresent(Nanos.NEVER);
    }

    /**
     * Like {@link #join()}, no longer than the given time.
     *
     * @param limit the longest wait, zero or more
     * @return false if some of the tasks go on
     * @throws IllegalArgumentException if the limit is negative
     */
    @CheckReturnValue
    default boolean joinWithin(Duration limit) throws InterruptedException {
        return GroupCore.of(this).joinPresent(Managed.deadline(limit, "limit"));
    }

    /** Like {@link #cancel(String)}, without a text. */
    default boolean cancel() {
        return cancel("");
    }

    /**
     * Asks the group's tasks to stop, and in a block the body too, and does not wait. Never blocks
     * and never throws. A block stays cancelled; a {@link ServiceGroup} stops the tasks that it has
     * now and goes on. Background tasks stop last.
     *
     * @param why for people to read
     * @return false if the group had ended already
     */
    boolean cancel(String why);

    /**
     * A new view of the group for code that wants an {@link ExecutorService}, to the contract of
     * that interface. Each task that is handed to it is a task of this group, on a thread of its
     * own.
     *
     * {@snippet file="dev/curfew/samples/ExecutorSamples.java" region="executor"}
     *
     * <p><b>Shutting it down</b> concerns this view and the tasks that came through it, not the
     * group, which others may use: {@code shutdown} refuses new ones, {@code shutdownNow} cancels
     * those that go on, and returns an empty list since none ever waits to be started; {@code
     * awaitTermination} and {@code close} wait until they have ended. {@code close} does not cancel
     * them. If its caller is cancelled or interrupted meanwhile it does, goes on waiting, and
     * leaves the cancellation or the interrupt pending. A view need not be shut down. When the
     * group takes no more tasks the view throws {@link
     * java.util.concurrent.RejectedExecutionException}, with the {@link GroupClosedException} as
     * cause.
     *
     * <p><b>Failures.</b> What a task throws that was given to {@code execute} is the group's
     * affair, as with {@link #fork(VoidWork)}. That of a submitted or invoked task is its future's:
     * it fails nobody, and if the future becomes garbage and nobody has asked it, the failure goes
     * to the group's {@link FailureHandler}, or the log. {@code invokeAny} suppresses further
     * failures in the exception that it throws.
     *
     * <p><b>A future</b> that {@code cancel} is called on is done at once, as the contract of
     * {@link java.util.concurrent.Future} has it: <em>the task may go on running</em>, in its
     * clean-up or for as long as it ignores the request. So {@code get} is no way to wait for a
     * cancelled task; waiting for the view or the group is, and so is {@link Task#cancelAndJoin()}.
     * A task that fails after that is told to the {@link FailureHandler}, or the log, at once.
     * {@code cancel(false)} lets the task go on. A task that is cancelled by other means, with its
     * group or by {@code shutdownNow}, is done when it has ended, and {@code isCancelled} then.
     * {@code invokeAny} and {@code invokeAll} with a limit cancel what is left over and do not wait
     * for it either.
     *
     * <p>Their waits are managed waits. A wait for a task that waits for the caller is refused with
     * {@link WaitCycleException}, by {@code close} too; the view is shut down then.
     *
     * @return the view; it has a shutdown of its own
     */
    ExecutorService asExecutorService();

    /**
     * The tasks that have not ended.
     *
     * @return an immutable snapshot, in no particular order
     */
    default List<Task<?>> tasks() {
        return GroupCore.of(this).tasks();
    }

    /**
     * Why the group is cancelled.
     *
     * @return the reason; empty if it is not. For a {@link ServiceGroup}: why it was closed, or
     *     stopped for a failure
     */
    Optional<CancelReason> reason();

    /**
     * The group's path: the names of what is around it and its own, joined by slashes.
     *
     * @return the path
     */
    default String name() {
        return GroupCore.of(this).name();
    }
}
