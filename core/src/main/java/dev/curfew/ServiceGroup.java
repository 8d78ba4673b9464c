package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Strand;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A group that lives as long as an object: a field, closed by the {@code close()} of its owner. Any
 * thread may fork into it, cancel it and close it.
 *
 * {@snippet file="dev/curfew/samples/ApiSamples.java" region="service"}
 *
 * <p>It goes on when a task fails, unless {@link FailurePolicy#CANCEL_GROUP} is set: each failure
 * is told to its {@link FailureHandler}, or the log, at once. {@link #cancel(String)} stops the
 * tasks that it has; it stays open.
 *
 * <p>It belongs to nothing: opened in a task, it does not end with that task. One that has become
 * unreachable, without tasks and without having been closed, is reported with the place where it
 * was opened.
 *
 * <p>It is no {@link AutoCloseable}: {@code try (var group = ServiceGroup.open(...))} would cancel
 * at the brace what every Java developer expects to be waited for. {@link TaskGroup#run} waits.
 */
public final class ServiceGroup implements TaskGroup {

    /**
     * The group as the tree knows it. Its tasks belong to a <em>generation</em>, a node of their
     * own; cancelling the group exchanges the generation for a new one, and cancels the old.
     *
     * <pre>
     *   open --- close() ---> closing, generation cancelled --- last task ends ---> closed
     * </pre>
     *
     * A fork reads the generation, adds its task, and reads the generation's mark; a canceller
     * exchanges it, marks it, and walks the tasks: one of the two sees the other. After a failure
     * with CANCEL_GROUP, and after close, the generation is not exchanged any more: what slips in
     * is born cancelled.
     */
    static final class Core extends GroupCore {
        private static final VarHandle GENERATION;
        private static final VarHandle STOPPED;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                GENERATION = lookup.findVarHandle(Core.class, "generation", Node.class);
                STOPPED = lookup.findVarHandle(Core.class, "stopped", CancelReason.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final ServiceGroup facade;
        private volatile Node generation = new Node(null, 0, this);

        /** Why it takes no more tasks: the first of failure and close. */
        private volatile @Nullable CancelReason stopped;

        private volatile @Nullable TaskFailedException failure;

        Core(ServiceGroup facade, Config config) {
            super(config, null);
            this.facade = facade;
        }

        @Override
        ServiceGroup facade() {
            return facade;
        }

        @Override
        Node node() {
            return generation;
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
        boolean refuses(Entry entry) {
            return entry == Entry.ADMITTED_WHILE_CLOSING || stopped != null;
        }

        @Override
        GroupClosedException refusal() {
            CancelReason reason = stopped;
            Throwable cause = reason == null ? null : reason.cause().orElse(null);
            return new GroupClosedException(
                    label()
                            + (cause == null
                                    ? " is closed, and takes no more tasks: "
                                    : " has stopped for a failure, and takes no more tasks: ")
                            + reason,
                    reason,
                    cause);
        }

        boolean stopPresent(CancelReason reason) {
            for (; ; ) {
                Node old = generation;
                if (ended()) {
                    return false;
                }
                if (stopped != null) {
                    return request(old, reason);
                }
                if (GENERATION.compareAndSet(this, old, new Node(null, 0, this))) {
                    request(old, reason);
                    return true;
                }
            }
        }

        void shut(CancelReason reason) {
            STOPPED.compareAndSet(this, null, reason);
            close();
            request(generation, reason, Cancelling.By.CALLER);
        }

        @Override
        void taskFailed(TaskImpl<?> task, Throwable exception) {
            if (config().failurePolicy() == FailurePolicy.KEEP_GOING || stopped != null) {
                return;
            }
            CancelReason reason = Reasons.siblingFailed(task, exception);
            if (STOPPED.compareAndSet(this, null, reason)) {
                failure = new TaskFailedException(task, List.of(exception));
                request(generation, reason);
            }
        }

        @Override
        void failureRead(TaskImpl<?> task, Throwable exception) {
            taskFailed(task, exception);
        }

        @Override
        void tellHandler(TaskImpl<?> task, Throwable exception) {
            callHandler(task, exception);
        }

        @Override
        @Nullable TaskFailedException failure() {
            TaskFailedException first = failure;
            return first == null
                    ? null
                    : new TaskFailedException(first.task().orElse(null), first.failures());
        }
    }

    private final Core core;
    private final Forgotten forgotten;

    private ServiceGroup(Config config) {
        this.core = new Core(this, config);
        this.forgotten = Forgotten.watch(this, core.name());
    }

    /**
     * Opens a group.
     *
     * @param name what it is for; the names of its tasks start with it
     * @return the group, to be closed by its owner
     */
    public static ServiceGroup open(String name) {
        return open(name, config -> config);
    }

    /**
     * Opens a group with settings.
     *
     * @param name what it is for; the names of its tasks start with it
     * @param config changes the default settings
     * @return the group, to be closed by its owner
     */
    public static ServiceGroup open(String name, UnaryOperator<Config> config) {
        Objects.requireNonNull(name, "name");
        return new ServiceGroup(Config.serviceDefaults(config).withName(name));
    }

    /**
     * Refuses new tasks from now on, cancels those that it has, and waits until all have ended.
     * Throws no task's failure. The wait is not cancellable; the caller's cancellation or interrupt
     * stays pending, and what will not stop is named in the log after the patience. Any number of
     * threads may call this, any number of times; each returns after the end.
     *
     * @throws WaitCycleException if the caller is one of the group's tasks (one of its listeners or
     *     the failure handler, on its thread, included), or waits for one that waits for the
     *     caller; then nothing is closed or cancelled
     */
    public void close() {
        if (core.ended()) {
            forgotten.closed();
            return;
        }
        CancelReason reason = Reasons.requested(CancelReason.Kind.GROUP_CLOSED, "");
        Managed.awaitQuietly(
                List.of(core),
                Nanos.NEVER,
                () -> {
                    forgotten.closed();
                    core.shut(reason);
                });
    }

    @Override
    public <T extends @Nullable Object> Task<T> fork(Callable<? extends T> body) {
        return core.fork(null, Objects.requireNonNull(body, "body"));
    }

    @Override
    public <T extends @Nullable Object> Task<T> fork(String name, Callable<? extends T> body) {
        return core.fork(
                Objects.requireNonNull(name, "name"), Objects.requireNonNull(body, "body"));
    }

    @Override
    public Task<@Nullable Void> fork(VoidWork<?> body) {
        return core.fork(null, GroupCore.callable(body));
    }

    @Override
    public Task<@Nullable Void> fork(String name, VoidWork<?> body) {
        return core.fork(Objects.requireNonNull(name, "name"), GroupCore.callable(body));
    }

    @Override
    public void join() throws InterruptedException {
        core.joinPresent(Nanos.NEVER);
    }

    @Override
    public boolean joinWithin(Duration limit) throws InterruptedException {
        return core.joinPresent(Managed.deadline(limit, "limit"));
    }

    @Override
    public boolean cancel() {
        return cancel("");
    }

    @Override
    public boolean cancel(String why) {
        Objects.requireNonNull(why, "why");
        return core.stopPresent(Reasons.requested(CancelReason.Kind.REQUESTED, why));
    }

    @Override
    public List<Task<?>> tasks() {
        return List.copyOf(core.present());
    }

    @Override
    public Optional<CancelReason> reason() {
        return Optional.ofNullable(core.stopped);
    }

    @Override
    public String name() {
        return core.name();
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "ServiceGroup["
                + Text.harmless(name())
                + (core.ended() ? ", closed" : ", " + core.live() + " tasks")
                + "]";
    }
}
