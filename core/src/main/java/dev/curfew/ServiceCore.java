package dev.curfew;

import dev.curfew.internal.tree.BlockNode;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Strand;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A service group as the tree knows it. Its tasks belong to a <em>generation</em>, a node of their
 * own; cancelling the group exchanges the generation for a new one, and cancels the old.
 *
 * <pre>
 *   open --- close() ------------> closing, generation cancelled --- last task ends ---> ended
 *     |                                        ^
 *     +----- shutdown() ---> closing --- the drain is over
 * </pre>
 *
 * A fork reads the generation, adds its task, and reads the generation's mark; a canceller
 * exchanges it, marks it, and walks the tasks: one of the two sees the other. After a failure with
 * CANCEL_GROUP, and after close, the generation is not exchanged any more: what slips in is born
 * cancelled.
 */
final class ServiceCore extends GroupCore {
    private static final VarHandle GENERATION;
    private static final VarHandle CLOSED_FOR;
    private static final VarHandle FAILED_FOR;

    static {
        Strand.load();
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            GENERATION = lookup.findVarHandle(ServiceCore.class, "generation", Node.class);
            CLOSED_FOR = lookup.findVarHandle(ServiceCore.class, "closedFor", CancelReason.class);
            FAILED_FOR = lookup.findVarHandle(ServiceCore.class, "failedFor", CancelReason.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ServiceGroup facade;
    private volatile Node generation = new BlockNode(null, this);
    private volatile @Nullable CancelReason closedFor;
    private volatile @Nullable CancelReason failedFor;

    ServiceCore(ServiceGroup facade, Config config) {
        super(config);
        this.facade = facade;
    }

    @Override
    public ServiceGroup facade() {
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

    // ---- what it takes ----------------------------------------------------------------------

    /** Why it takes no more tasks; null if it does. */
    @Nullable CancelReason stopped() {
        CancelReason failed = failedFor;
        return failed != null ? failed : closedFor;
    }

    @Override
    boolean refuses(Entry entry) {
        return entry == Entry.ADMITTED_WHILE_CLOSING || stopped() != null;
    }

    @Override
    GroupClosedException refusal() {
        CancelReason reason = stopped();
        Throwable cause = reason == null ? null : reason.cause().orElse(null);
        String why =
                cause != null
                        ? " has stopped for a failure"
                        : ended() ? " is closed" : " is being closed";
        return new GroupClosedException(
                label() + why + ", and takes no more tasks: " + reason, reason, cause);
    }

    // ---- stopping ---------------------------------------------------------------------------

    /** Asks the present tasks to stop. False if the group has ended. */
    boolean stopPresent(CancelReason reason) {
        for (; ; ) {
            Node old = generation;
            if (ended()) {
                return false;
            }
            if (stopped() != null) {
                return request(old, reason);
            }
            Node fresh = new BlockNode(null, this);
            if (GENERATION.compareAndSet(this, old, fresh)) {
                request(old, reason);
                CancelReason meanwhile = failedFor;
                if (meanwhile != null) {
                    request(fresh, meanwhile);
                }
                return true;
            }
        }
    }

    /** Takes nothing more, and ends with its last task. */
    void drain(CancelReason reason) {
        CLOSED_FOR.compareAndSet(this, null, reason);
        close();
    }

    void shut(CancelReason reason, Cancelling.By by) {
        drain(reason);
        request(generation, reason, by);
    }

    // ---- failures ---------------------------------------------------------------------------

    @Override
    void taskFailed(TaskImpl<?> task, Throwable failure) {
        Node now = generation;
        if (config().failurePolicy() == FailurePolicy.KEEP_GOING
                || task.isIsolated()
                || failedFor != null
                || (closedFor != null && now.own() != null)) {
            return;
        }
        CancelReason reason = failed(task, failure);
        if (FAILED_FOR.compareAndSet(this, null, reason)) {
            insist(generation, reason, Cancelling.By.DELIVERY);
        }
    }

    @Override
    void failureRead(TaskImpl<?> task, Throwable failure) {
        taskFailed(task, failure);
    }

    @Override
    void tellHandler(TaskImpl<?> task, Throwable failure) {
        callHandler(task, failure);
    }

    @Override
    void cleanUpFailed(TaskImpl<?> task, Throwable signal) {
        if (!task.wasRead()) {
            Problems.reportCleanUp(task.label(), signal);
        }
    }

    @Override
    @Nullable TaskFailedException failure() {
        CancelReason reason = failedFor;
        return reason == null ? null : Reasons.failure(reason);
    }
}
