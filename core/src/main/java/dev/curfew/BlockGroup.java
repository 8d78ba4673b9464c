package dev.curfew;

import dev.curfew.internal.time.FullHeap;
import dev.curfew.internal.tree.BlockNode;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The group of a block, as users hold it and as the tree knows it. {@link BlockRun} runs the block.
 *
 * <pre>
 *   body runs -> body has ended (closing) -> last task has ended (closed) -> node sealed
 * </pre>
 *
 * Failures are pushed before the group is cancelled for them (unless a reader was faster, see
 * {@link #failureRead}), and before their task is counted out: once the group has ended they are
 * all there.
 */
final class BlockGroup extends GroupCore implements TaskGroup {

    /**
     * A task that has failed, or in whose clean-up something did; {@code earlier} is the one that
     * ended before.
     */
    record Failed(TaskImpl<?> task, Throwable exception, @Nullable Failed earlier) {
        boolean isCleanUp() {
            return task.failureOrNull() == null;
        }
    }

    private static final VarHandle FAILURES;

    static {
        try {
            FAILURES =
                    MethodHandles.lookup()
                            .findVarHandle(BlockGroup.class, "failures", Failed.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread owner;
    private final BlockNode node;
    private volatile @Nullable Failed failures;

    BlockGroup(Config config, Strand owner, long @Nullable [] gate) {
        super(config, owner.top(), gate);
        this.owner = owner.thread();
        this.node = new BlockNode(owner.top(), this);
    }

    @Override
    public BlockGroup facade() {
        return this;
    }

    @Override
    BlockNode node() {
        return node;
    }

    @Override
    protected Strand owner() {
        return Objects.requireNonNull(node.strand());
    }

    @Override
    protected Thread ownerThread() {
        return owner;
    }

    @Override
    protected boolean ownerAtEnd() {
        return closing();
    }

    /** Has the tasks stopped for what the body threw, unless they are being stopped. */
    void bodyFailed(Throwable thrown) {
        if (node.mark() == null) {
            request(
                    node,
                    Reasons.ofBody(
                            CancelReason.Kind.BODY_FAILED, "the body of " + label(), thrown));
        } else {
            Cancelling.goOn(node);
        }
    }

    /** The body has ended, and its thread waits from now on. */
    void bodyEnded() {
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
        push(task, failure);
        if (cancelsOnFailure() && !task.isIsolated()) {
            insist(node, failed(task, failure), Cancelling.By.CALLER);
        }
    }

    @Override
    void cleanUpFailed(TaskImpl<?> task, Throwable signal) {
        push(task, signal);
    }

    private void push(TaskImpl<?> task, Throwable problem) {
        Failed head;
        do {
            head = failures;
        } while (!FAILURES.compareAndSet(this, head, failed(task, problem, head)));
    }

    private static Failed failed(TaskImpl<?> task, Throwable problem, @Nullable Failed earlier) {
        for (; ; ) {
            try {
                return new Failed(task, problem, earlier);
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            }
        }
    }

    @Override
    void failureRead(TaskImpl<?> task, Throwable failure) {
        if (cancelsOnFailure() && !task.isIsolated() && node.own() == null && !node.sealed()) {
            request(node, Reasons.siblingFailed(task, failure));
        }
    }

    @Override
    void tellHandler(TaskImpl<?> task, Throwable failure) {
        // The block's end does, for what nobody has read by then.
    }

    boolean hasProblems() {
        return failures != null;
    }

    /** Failures and what failed in clean-up so far, in the order in which they happened. */
    List<Failed> problems() {
        if (failures == null) {
            return List.of();
        }
        ArrayDeque<Failed> inOrder = new ArrayDeque<>();
        Failed first = null;
        Throwable stoppedFor = failureItIsCancelledFor();
        for (Failed f = failures; f != null; f = f.earlier) {
            if (f.exception == stoppedFor) {
                first = f; // a reader may have cancelled the group before it was pushed
            } else {
                inOrder.push(f);
            }
        }
        if (first != null) {
            inOrder.push(first);
        }
        return List.copyOf(inOrder);
    }

    /** Whether it is the group's failure, which leaves the block. */
    boolean isGroups(Failed problem) {
        return cancelsOnFailure() && !problem.isCleanUp() && !problem.task().isIsolated();
    }

    @Override
    @Nullable TaskFailedException failure() {
        Request r = node.own();
        if (r == null || !isCancelledForFailure()) {
            return null;
        }
        List<Failed> failures = problems().stream().filter(this::isGroups).toList();
        return failures.isEmpty() ? Reasons.failure(Reasons.of(r)) : failure(failures);
    }

    TaskFailedException failure(List<Failed> failures) {
        return new TaskFailedException(
                failures.getFirst().task(), failures.stream().map(Failed::exception).toList());
    }

    private @Nullable Throwable failureItIsCancelledFor() {
        Request r = node.own();
        return r == null || !isCancelledForFailure() ? null : Reasons.of(r).cause().orElse(null);
    }

    boolean isCancelledForFailure() {
        Request r = node.own();
        return r != null && Reasons.of(r).kind() == CancelReason.Kind.SIBLING_FAILED;
    }

    @Override
    public boolean cancel(String why) {
        Objects.requireNonNull(why, "why");
        return request(node, Reasons.requested(CancelReason.Kind.REQUESTED, why));
    }

    /** Like {@link #cancelFor}, for a caller who names what is stuck itself. */
    void cancelUnwatched(CancelReason reason) {
        Cancelling.cancel(node, reason, false, false);
    }

    /** Asks for a reason that the library has. */
    void cancelFor(CancelReason reason) {
        request(node, reason);
    }

    /** The cancellation of this very group; null if there is none. */
    @Nullable Request ownRequest() {
        return node.own();
    }

    @Override
    public ExecutorService asExecutorService() {
        return new GroupExecutor(this);
    }

    @Override
    public Optional<CancelReason> reason() {
        return Optional.ofNullable(node.inForce()).map(Reasons::of);
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "TaskGroup["
                + Text.harmless(name())
                + (ended() ? ", ended" : ", " + live() + " tasks")
                + "]";
    }
}
