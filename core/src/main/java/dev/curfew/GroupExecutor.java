package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Ending;
import dev.curfew.internal.tree.Members;
import dev.curfew.internal.tree.Strand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A view of a group as an executor; see {@link TaskGroup#asExecutorService}.
 *
 * <p>The group owns the tasks; the view has members of its own beside, those that came through it,
 * which end as a group's do: {@code shutdown} closes them, and the last task to be counted out
 * terminates the view. A task is counted out of the view when its outcome is published, before its
 * listeners are told: one of them may wait for the view.
 */
final class GroupExecutor extends AbstractExecutorService {

    /** The tasks that came through the view, and its termination. */
    private static final class Submitted extends Members {
        private final GroupCore group;

        Submitted(GroupCore group) {
            this.group = group;
        }

        @Override
        protected @Nullable Strand owner() {
            return null;
        }

        @Override
        protected boolean ownerAtEnd() {
            return false;
        }

        @Override
        protected void othersEnded(Strand background) {
            throw new AssertionError("no task in the background comes through a view");
        }

        @Override
        protected void reached() {
            // The group's affair.
        }

        @Override
        public String label() {
            return "an executor of " + group.label();
        }
    }

    private final GroupCore group;
    private final Submitted submitted;

    /** Set before the tasks are cancelled; a task is looked for among them before it is read. */
    private volatile boolean stopping;

    GroupExecutor(GroupCore group) {
        this.group = group;
        this.submitted = new Submitted(group);
    }

    // ---- submitting ------------------------------------------------------------------------

    @Override
    public void execute(Runnable command) {
        Objects.requireNonNull(command, "command");
        if (command instanceof GroupFuture<?> future && future.claim()) {
            start(future);
        } else {
            fork(Executors.callable(command), null);
        }
    }

    private <T extends @Nullable Object> void start(GroupFuture<T> future) {
        fork(future::call, future);
    }

    private <T extends @Nullable Object> void fork(
            Callable<T> body, @Nullable GroupFuture<T> future) {
        TaskImpl<T> task;
        boolean forked = false;
        Members.Entry entry = submitted.countUp(false);
        if (entry == Members.Entry.REFUSED) {
            throw shutDown();
        }
        try {
            if (entry == Members.Entry.ADMITTED_WHILE_CLOSING) {
                throw shutDown();
            }
            task = group.fork(body, new ExecutorTask.Submission<>(this, future));
            forked = true;
        } catch (IllegalStateException e) {
            throw new RejectedExecutionException(e.getMessage(), e);
        } finally {
            if (!forked) {
                submitted.countDown(false);
            }
        }
        submitted.add(task.strand(), entry);
        if (stopping) {
            stop(task);
        }
    }

    private RejectedExecutionException shutDown() {
        return new RejectedExecutionException(
                submitted.label() + " was shut down, and takes no more tasks");
    }

    /** On the task's thread. */
    void taskEnded() {
        submitted.countDown(false);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new GroupFuture<>(callable, null);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(
            Runnable runnable, T value) {
        return new GroupFuture<>(Executors.callable(runnable, value), null);
    }

    // ---- many at once ----------------------------------------------------------------------

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return all(tasks, Nanos.NEVER);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        return all(tasks, deadline(timeout, unit));
    }

    private <T extends @Nullable Object> List<Future<T>> all(
            Collection<? extends Callable<T>> tasks, long deadline) throws InterruptedException {
        List<GroupFuture<T>> futures = new ArrayList<>(tasks.size());
        for (Callable<T> task : tasks) {
            futures.add(new GroupFuture<>(task, null));
        }
        try {
            futures.forEach(this::execute);
            for (GroupFuture<T> future : futures) {
                if (!future.await(deadline)) {
                    break;
                }
            }
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
        return new ArrayList<>(futures);
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return any(tasks, Nanos.NEVER);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return any(tasks, deadline(timeout, unit));
    }

    private <T extends @Nullable Object> T any(
            Collection<? extends Callable<T>> tasks, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        FirstSuccess<T> first = new FirstSuccess<>(tasks);
        try {
            first.futures().forEach(this::execute);
            if (!Managed.await(first, first::tasks, deadline)) {
                throw first.late();
            }
            return first.get();
        } finally {
            first.futures().forEach(future -> future.cancel(true));
        }
    }

    /** The timeouts of {@code java.util.concurrent}: zero or less is due at once. */
    static long deadline(long timeout, TimeUnit unit) {
        return Nanos.fromNow(Duration.ofNanos(unit.toNanos(timeout)));
    }

    // ---- the end ---------------------------------------------------------------------------

    @Override
    public void shutdown() {
        submitted.close();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        stopping = true;
        submitted.forEach(strand -> stop((TaskImpl<?>) Objects.requireNonNull(strand.task())));
        return new ArrayList<>();
    }

    private static void stop(TaskImpl<?> task) {
        task.cancel("its executor was shut down");
    }

    @Override
    public boolean isShutdown() {
        return submitted.closing();
    }

    @Override
    public boolean isTerminated() {
        return submitted.ended();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return Managed.await(submitted, this::behind, deadline(timeout, unit));
    }

    /** Not the default's loop: the waits of a cancelled caller throw again and again. */
    @Override
    public void close() {
        shutdown();
        Managed.awaitReacting(submitted, this::behind, this::shutdownNow);
    }

    /** What the view's termination waits for, for a caller of whom it may be waiting. */
    private List<Ending> behind() {
        List<Ending> tasks = new ArrayList<>();
        submitted.forEach(strand -> tasks.add(Objects.requireNonNull(strand.task())));
        return tasks;
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "ExecutorService["
                + Text.harmless(group.name())
                + (isTerminated() ? ", terminated" : isShutdown() ? ", shut down" : "")
                + ", "
                + submitted.live()
                + " tasks]";
    }
}
