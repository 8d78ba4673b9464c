package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The group of a block. {@link BlockRun} runs the block. */
final class BlockGroup implements TaskGroup {

    /** A task that has failed, in the order of their ends; {@code earlier} is the one before. */
    record Failed(TaskImpl<?> task, Throwable exception, @Nullable Failed earlier) {}

    /**
     * The group as the tree knows it.
     *
     * <pre>
     *   body runs -> body has ended (closing) -> last task has ended (closed) -> node sealed
     * </pre>
     *
     * Failures are pushed before the group is cancelled for them, and before their task is counted
     * out: once the group has ended they are all there.
     */
    static final class Core extends GroupCore {
        private static final VarHandle FAILURES;

        static {
            try {
                FAILURES =
                        MethodHandles.lookup().findVarHandle(Core.class, "failures", Failed.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final Strand owner;
        private final Node node;
        private final BlockGroup facade = new BlockGroup(this);
        private volatile @Nullable Failed failures;
        private volatile boolean atEnd;

        Core(Config config, Strand owner) {
            super(config, owner.top());
            this.owner = owner;
            this.node = new Node(owner.top(), 0, this);
        }

        @Override
        BlockGroup facade() {
            return facade;
        }

        @Override
        Node node() {
            return node;
        }

        @Override
        protected Strand owner() {
            return owner;
        }

        @Override
        protected boolean ownerAtEnd() {
            return atEnd;
        }

        /** The body has ended, and its thread waits from now on. */
        void bodyEnded() {
            atEnd = true;
            close();
        }

        @Override
        boolean refuses(Entry entry) {
            return entry == Entry.ADMITTED_WHILE_CLOSING && node.mark() != null;
        }

        @Override
        GroupClosedException refusal() {
            Request r = node.inForce();
            CancelReason reason = r == null ? null : Reasons.of(r);
            return new GroupClosedException(
                    label()
                            + (ended()
                                    ? " has ended"
                                    : " is cancelled and its body has ended: " + reason)
                            + "; nothing can be forked into it any more",
                    reason,
                    reason == null ? null : reason.cause().orElse(null));
        }

        boolean cancelsOnFailure() {
            return config().failurePolicy() == FailurePolicy.CANCEL_GROUP;
        }

        @Override
        void taskFailed(TaskImpl<?> task, Throwable failure) {
            Failed head;
            do {
                head = failures;
            } while (!FAILURES.compareAndSet(this, head, new Failed(task, failure, head)));
            if (cancelsOnFailure()) {
                request(node, Reasons.siblingFailed(task, failure), Cancelling.By.CALLER);
            }
        }

        @Override
        void failureRead(TaskImpl<?> task, Throwable failure) {
            if (cancelsOnFailure() && node.own() == null && !node.sealed()) {
                request(node, Reasons.siblingFailed(task, failure));
            }
        }

        @Override
        void tellHandler(TaskImpl<?> task, Throwable failure) {
            // The block's end does, for what nobody has read by then.
        }

        /** The failures so far, in the order in which they happened. */
        List<Failed> failures() {
            ArrayDeque<Failed> inOrder = new ArrayDeque<>();
            for (Failed f = failures; f != null; f = f.earlier) {
                inOrder.push(f);
            }
            return List.copyOf(inOrder);
        }

        @Override
        @Nullable TaskFailedException failure() {
            return isCancelledForFailure() ? failure(failures()) : null;
        }

        TaskFailedException failure(List<Failed> failures) {
            return new TaskFailedException(
                    failures.getFirst().task(), failures.stream().map(Failed::exception).toList());
        }

        boolean isCancelledForFailure() {
            Request r = node.own();
            return r != null && Reasons.of(r).kind() == CancelReason.Kind.SIBLING_FAILED;
        }
    }

    private final Core core;

    private BlockGroup(Core core) {
        this.core = core;
    }

    static <T extends @Nullable Object, X extends Exception> T call(
            Config config, Block<? extends T, ? extends X> body) throws X, InterruptedException {
        Objects.requireNonNull(body, "body");
        return BlockRun.run(config, body, true);
    }

    static <X extends Exception> void run(Config config, VoidBlock<? extends X> body)
            throws X, InterruptedException {
        Objects.requireNonNull(body, "body");
        Block<@Nullable Void, X> block =
                group -> {
                    body.run(group);
                    return null;
                };
        BlockRun.run(config, block, false);
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
        return core.request(core.node(), Reasons.requested(CancelReason.Kind.REQUESTED, why));
    }

    @Override
    public List<Task<?>> tasks() {
        return List.copyOf(core.present());
    }

    @Override
    public Optional<CancelReason> reason() {
        return Optional.ofNullable(core.node().inForce()).map(Reasons::of);
    }

    @Override
    public String name() {
        return core.name();
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "TaskGroup["
                + Text.harmless(name())
                + (core.ended() ? ", ended" : ", " + core.live() + " tasks")
                + "]";
    }
}
