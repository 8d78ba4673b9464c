package dev.curfew;

import dev.curfew.internal.tree.Strand;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work on a thread of its own, owned by a group from before its first instruction until
 * it has ended.
 *
 * <p>A task has <em>ended</em> when its body has returned or thrown, its cancel hooks have
 * finished, every block and scope that it opened has ended, and its outcome is published. That is
 * what {@link #join()}, {@link #await()} and {@link #cancelAndJoin()} wait for; what the task wrote
 * before is visible to whoever has waited.
 *
 * <p>Dropping the handle loses nothing: the group still owns the task and waits for it.
 *
 * <p>Unless a method says otherwise any thread may call it, in any scope or in none. Waiting is a
 * managed wait: the waiter's own cancellation ends it with a {@link CancelledException}, at once
 * and again at each further wait until the cancelled scope is left. Waiting for a task never
 * cancels it. A call on a task that has ended does not wait, and so does not look for cancellation
 * either.
 *
 * @param <T> the value's type
 */
public sealed interface Task<T extends @Nullable Object> permits Concluding {

    /** How far a task has come. */
    enum State {
        /** It goes on, and nobody has asked it to stop. */
        RUNNING,

        /** It goes on, and was asked to stop: itself, or a scope or group around it. */
        CANCELLING,

        /** It ended with a value, whether or not it was asked to stop. */
        SUCCEEDED,

        /** It ended with an exception that was not its cancellation. */
        FAILED,

        /** It was asked to stop, and did. */
        CANCELLED
    }

    /**
     * The task that the calling thread runs.
     *
     * @return the task; empty on a thread that no group has started
     */
    static Optional<Task<?>> current() {
        Strand strand = Strand.current();
        return strand == null || !(strand.task() instanceof TaskImpl<?> task)
                ? Optional.empty()
                : Optional.of(task);
    }

    /**
     * The task's name: the path of its group, a slash, and the name given at the fork or a number.
     *
     * @return for example {@code import/fetch} or {@code import/#42}
     */
    String name();

    /**
     * A number that no other task of this JVM has: the id of its thread.
     *
     * @return the number
     */
    long id();

    /**
     * The group that owns the task.
     *
     * @return the group
     */
    TaskGroup group();

    /**
     * How far the task has come.
     *
     * @return the state of this moment
     */
    State state();

    /**
     * Waits until the task has ended. Never throws what the task ended with.
     *
     * @return how it ended
     * @throws InterruptedException if the waiting code is cancelled ({@link CancelledException}) or
     *     interrupted; the task goes on
     * @throws WaitCycleException if the task waits for the caller; nobody hangs
     */
    Outcome<T> join() throws InterruptedException;

    /**
     * Waits until the task has ended, or the limit has passed.
     *
     * @param limit the longest wait, zero or more
     * @return how it ended; empty if it goes on
     * @throws InterruptedException like {@link #join()}
     * @throws WaitCycleException like {@link #join()}
     * @throws IllegalArgumentException if the limit is negative
     */
    @CheckReturnValue
    Optional<Outcome<T>> joinWithin(Duration limit) throws InterruptedException;

    /**
     * Waits until the task has ended, for its value.
     *
     * <p>A caller that is itself being cancelled, and was not told yet, is told that, not that the
     * task was cancelled: where one cancellation has reached both, the caller's own wins.
     *
     * @return the value
     * @throws TaskFailedException if the task failed; its exception is the cause
     * @throws TaskCancelledException if the task was cancelled
     * @throws InterruptedException like {@link #join()}
     * @throws WaitCycleException like {@link #join()}
     */
    T await() throws InterruptedException;

    /** Like {@link #cancel(String)}, without a text. */
    boolean cancel();

    /**
     * Asks the task to stop, and does not wait. Never blocks and never throws, whatever the task is
     * doing. The first request's reason stays; further ones are counted, and one that follows the
     * delivery of an earlier one interrupts the task once more.
     *
     * @param why for people to read
     * @return false if the task had ended already
     */
    boolean cancel(String why);

    /**
     * Asks the task to stop and waits until it has ended. Whether this returns or throws, the task
     * has ended then, {@link WaitCycleException} excepted.
     *
     * <p>If the caller is cancelled or interrupted meanwhile the wait goes on, the task is not
     * signalled again, and the caller's cancellation is thrown afterwards. It is not thrown at a
     * caller who was told already and now cleans up, nor inside a shield: the call is no
     * checkpoint. On a task that has ended it returns at once.
     *
     * @return how the task ended; a task may still succeed or fail after the request
     * @throws InterruptedException after the task has ended, if the caller was cancelled ({@link
     *     CancelledException}) or interrupted
     * @throws WaitCycleException if the task waits for the caller, or is the caller; then nothing
     *     was requested
     */
    Outcome<T> cancelAndJoin() throws InterruptedException;

    /**
     * Like {@link #cancelAndJoin()}, but waits no longer than the given patience.
     *
     * @param patience the longest wait, zero or more
     * @return how the task ended
     * @throws UnresponsiveTaskException if the task has not ended by then; it stays cancelled, and
     *     its group still owns it
     * @throws InterruptedException if the caller was cancelled or interrupted; then the task may go
     *     on if the patience has passed
     * @throws WaitCycleException like {@link #cancelAndJoin()}
     * @throws IllegalArgumentException if the patience is negative
     */
    Outcome<T> cancelAndJoinWithin(Duration patience) throws InterruptedException;

    /**
     * How the task ended, without waiting.
     *
     * @return the outcome; empty while it goes on
     */
    @CheckReturnValue
    Optional<Outcome<T>> outcome();

    /**
     * How many requests to stop this very task are in force: {@code cancel} and {@code
     * cancelAndJoin} count, minus {@link #uncancel}; groups, scopes and deadlines do not. The same
     * as {@code Task.cancelling} in Python's asyncio.
     *
     * @return the number, zero or more
     */
    int cancelling();

    /**
     * Withdraws one request to stop this very task, the same as {@code Task.uncancel} in Python's
     * asyncio. With the last one goes what has not been delivered of it, and its reason; block
     * groups that it had reached stay cancelled and end as if cancelled by hand. To be called by
     * the task itself, after it has handled the request.
     *
     * @return how many are left
     * @throws IllegalStateException if the caller is not this task
     */
    int uncancel();

    /**
     * Whether the task was asked to stop, and ended with a value all the same.
     *
     * @return true if so; false while it goes on
     */
    boolean absorbed();

    /**
     * Has the task's end told. The listener runs on the ending task's thread, after the outcome was
     * published and outside of the task's scopes; or on a thread of the library's if the task has
     * ended already; never on the caller's. The group ends after it has returned, so a listener on
     * the ending task's thread that waits for the group's end is refused with {@link
     * WaitCycleException}. What it throws is reported.
     *
     * @param listener is handed the outcome, once; should be short
     */
    void onEnd(Consumer<? super Outcome<T>> listener);

    /**
     * The task as a future. It completes when the task has ended, not earlier: cancelling it
     * requests the task's cancellation and leaves the future incomplete until the task has ended.
     * Completing it by other means ({@code complete}, {@code orTimeout}) does nothing to the task.
     *
     * @return a new future; a failure's exception is its own, a cancellation is a {@link
     *     TaskCancelledException}
     */
    CompletableFuture<T> toCompletableFuture();
}
