package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Ending;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Shape;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The future of a task that was submitted to a {@link GroupExecutor}.
 *
 * <pre>
 *           the task has ended
 *   (open) -------------------> an Outcome
 *      |        cancel()
 *      +----------------------> a CancelReason: done, while the task may go on
 * </pre>
 *
 * Whichever comes first stays. A failure that comes second is the task's to report, one that came
 * first is reported when the future is garbage and nobody has asked it.
 */
final class GroupFuture<T extends @Nullable Object> extends Ending implements RunnableFuture<T> {
    private static final VarHandle END;
    private static final VarHandle CLAIMED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            END = lookup.findVarHandle(GroupFuture.class, "end", Object.class);
            CLAIMED = lookup.findVarHandle(GroupFuture.class, "claimed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A failure that the future holds. Refers to nothing that refers to the future. */
    private static final class Unread implements Runnable {
        final TaskImpl<?> task;
        final Throwable failure;
        volatile boolean read;

        Unread(TaskImpl<?> task, Throwable failure) {
            this.task = task;
            this.failure = failure;
        }

        /** The future is garbage. */
        @Override
        public void run() {
            if (!read) {
                Callbacks.execute(() -> task.owner().callHandler(task, failure));
            }
        }
    }

    private final @Nullable Consumer<? super GroupFuture<T>> whenDone;
    private volatile @Nullable Callable<? extends T> body;

    /** Somebody has taken it upon him to run it. */
    private volatile boolean claimed;

    private volatile @Nullable TaskImpl<?> task;
    private volatile @Nullable Object end;
    private volatile @Nullable Unread unread;

    /**
     * @param whenDone runs once when this is done, on the thread that made it so; must not block
     */
    GroupFuture(Callable<? extends T> body, @Nullable Consumer<? super GroupFuture<T>> whenDone) {
        this.body = Objects.requireNonNull(body, "task");
        this.whenDone = whenDone;
    }

    // ---- the run ---------------------------------------------------------------------------

    /** True for the first who asks, who then runs it. */
    boolean claim() {
        return CLAIMED.compareAndSet(this, false, true);
    }

    /** Before the task's thread has started. */
    void runsAs(TaskImpl<?> task) {
        this.task = task;
    }

    /** The body, unless this was cancelled before. */
    T call() throws Exception {
        Callable<? extends T> b = body;
        body = null;
        return b == null ? none() : b.call();
    }

    @SuppressWarnings({"unchecked", "NullAway"})
    private static <T extends @Nullable Object> T none() {
        return (T) null;
    }

    /** The task has ended. False if that came too late, and the outcome is shown to nobody. */
    boolean ended(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Failed<T>(Task<T> failed, Throwable exception)) {
            unread = new Unread((TaskImpl<T>) failed, exception);
        }
        if (!complete(outcome)) {
            unread = null;
            return false;
        }
        Unread u = unread;
        if (u != null) {
            Forgotten.cleaner().register(this, u);
        }
        return true;
    }

    private boolean complete(Object result) {
        if (!END.compareAndSet(this, null, result)) {
            return false;
        }
        body = null;
        wakeAll();
        if (whenDone != null) {
            whenDone.accept(this);
        }
        return true;
    }

    /**
     * Runs the body inside of somebody else's task: an {@link
     * java.util.concurrent.ExecutorCompletionService} wraps its futures once more.
     */
    @Override
    public void run() {
        if (!(Task.current().orElse(null) instanceof TaskImpl<?> host) || !claim()) {
            return;
        }
        task = host;
        T value;
        try {
            value = call();
        } catch (Throwable e) {
            if (!ended(thrown(host, e)) && Shapes.of(e) != Shape.SIGNAL) {
                host.owner().callHandler(host, e);
            }
            return;
        }
        ended(new Outcome.Succeeded<>(value));
    }

    @SuppressWarnings("unchecked")
    private Outcome<T> thrown(TaskImpl<?> host, Throwable e) {
        Request request = host.strand().root().inForce();
        return request != null && Shapes.of(e) == Shape.SIGNAL
                ? new Outcome.Cancelled<>((Task<T>) host, Reasons.of(request), e)
                : new Outcome.Failed<>((Task<T>) host, e);
    }

    // ---- asking ----------------------------------------------------------------------------

    /** Done at once; the task is asked to stop, and may go on. See {@link TaskGroup}. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (ended()) {
            return false;
        }
        CancelReason reason =
                Reasons.requested(CancelReason.Kind.REQUESTED, "its future was cancelled");
        if (!complete(reason)) {
            return false;
        }
        TaskImpl<?> t = task;
        if (mayInterruptIfRunning && t != null) {
            t.cancel("its future was cancelled");
        }
        return true;
    }

    @Override
    public boolean isDone() {
        return ended();
    }

    @Override
    public boolean isCancelled() {
        return end instanceof CancelReason || end instanceof Outcome.Cancelled<?>;
    }

    @Override
    public State state() {
        return switch (end) {
            case null -> State.RUNNING;
            case Outcome.Succeeded<?> s -> State.SUCCESS;
            case Outcome.Failed<?> f -> State.FAILED;
            default -> State.CANCELLED;
        };
    }

    // ---- the result ------------------------------------------------------------------------

    /**
     * Waits until this is done, which is no read.
     *
     * @return false if the deadline has passed first
     */
    boolean await(long deadline) throws InterruptedException {
        return Managed.await(this, this::behind, deadline);
    }

    private List<Ending> behind() {
        TaskImpl<?> t = task;
        return t == null ? List.of() : List.of(t);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        await(Nanos.NEVER);
        return result();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!await(GroupExecutor.deadline(timeout, unit))) {
            throw new TimeoutException(label() + " is not done");
        }
        return result();
    }

    @SuppressWarnings("unchecked")
    private T result() throws InterruptedException, ExecutionException {
        switch (Objects.requireNonNull(end)) {
            case Outcome.Succeeded<?>(Object value) -> {
                return (T) value;
            }
            case Outcome.Failed<?>(_, Throwable exception) -> {
                read();
                throw new ExecutionException(exception);
            }
            case Outcome.Cancelled<?>(var t, CancelReason reason, Throwable exception) -> {
                Managed.ownCancellationFirst();
                throw new TaskCancelledException(t, reason, exception);
            }
            default -> {
                Managed.ownCancellationFirst();
                throw new TaskCancelledException(task, (CancelReason) end, null);
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public T resultNow() {
        if (end instanceof Outcome.Succeeded<?>(Object value)) {
            return (T) value;
        }
        throw not("succeeded");
    }

    @Override
    public Throwable exceptionNow() {
        Throwable failure = failure();
        if (failure == null) {
            throw not("failed");
        }
        return failure;
    }

    private IllegalStateException not(String what) {
        return new IllegalStateException(label() + " has not " + what + ": it is " + state());
    }

    /** What it failed with, which counts as read; null if it did not. */
    @Nullable Throwable failure() {
        if (end instanceof Outcome.Failed<?>(_, Throwable exception)) {
            read();
            return exception;
        }
        return null;
    }

    /** The failure was shown to somebody. */
    private void read() {
        Unread u = unread;
        if (u != null) {
            u.read = true;
        }
    }

    @Nullable TaskImpl<?> task() {
        return task;
    }

    // ---- as something to wait for ----------------------------------------------------------

    @Override
    public boolean ended() {
        return end != null;
    }

    @Override
    public String label() {
        TaskImpl<?> t = task;
        return t == null ? "a future" : "the future of " + t.label();
    }

    /** For people to read. */
    @Override
    public String toString() {
        TaskImpl<?> t = task;
        return "Future[" + (t == null ? "" : Text.harmless(t.name()) + ", ") + state() + "]";
    }
}
