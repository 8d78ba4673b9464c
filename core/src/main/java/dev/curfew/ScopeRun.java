package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.time.Timer;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.ScopeNode;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.Timing;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One scope from its entry to its end, and what leaves it. */
final class ScopeRun {
    static {
        Listeners.load();
    }

    private final Strand strand;
    private final ScopeNode node;
    private final boolean hook;
    private @Nullable Throwable thrown;
    private @Nullable Request left;

    private ScopeRun(Strand strand, int flags) {
        this.strand = strand;
        this.node = new ScopeNode(strand.top(), flags);
        this.hook = (flags & Node.HOOK) != 0;
    }

    static ScopeRun of(int flags) {
        StackReserve.require();
        return new ScopeRun(Strand.currentOrNew(), flags);
    }

    ScopeNode node() {
        return node;
    }

    Strand strand() {
        return strand;
    }

    /** What is done between the entry of a scope and its work. */
    @FunctionalInterface
    interface Prepare {
        void run();
    }

    /**
     * Enters the scope, does the work, and leaves.
     *
     * @return the work's value; null if it threw
     */
    <T extends @Nullable Object> @Nullable T run(Prepare prepare, Work<? extends T, ?> work) {
        T value = null;
        try {
            try {
                strand.enter(node);
                prepare.run();
                value = work.run();
            } catch (Throwable e) {
                thrown = e;
            }
            left = strand.leave(node, Shapes.of(thrown));
        } finally {
            strand.dropIfIdle();
        }
        return value;
    }

    /** Gives the scope a deadline; it expires at once if that is due. */
    static void arm(ScopeNode node, long deadline, Runnable expire) {
        if (deadline == Nanos.NEVER) {
            return;
        }
        Timing timing = timing(node, deadline, expire);
        if (!node.timing(null, timing)) {
            timing.stop();
        }
        node.expireIfDue();
    }

    static Timing timing(ScopeNode node, long deadline, Runnable expire) {
        boolean timed = deadline != Nanos.NEVER && !Nanos.isDue(deadline);
        return new Timing(
                deadline, timed ? Timer.schedule(deadline, node::expireIfDue) : null, expire);
    }

    /** Asks for the cancellation of a scope. False if it has ended. */
    static boolean request(Node node, CancelReason reason) {
        Request r = Cancelling.cancel(node, reason, false, false);
        if (r != null && r.reason() == reason) {
            Patience.watch(r, GroupCore.patienceAt(node));
        }
        return r != null;
    }

    /** Whether the work threw. */
    boolean hasThrown() {
        return thrown != null;
    }

    /** What the work threw. */
    Throwable thrown() {
        return Objects.requireNonNull(thrown);
    }

    /** The reason of this very scope, if that is why the work was left. */
    @Nullable CancelReason endedBy() {
        Request own = left == null ? null : node.own();
        return own != null && own == left ? Reasons.of(own) : null;
    }

    /** What leaves if this scope does not end it. */
    Throwable outward() {
        Throwable t = thrown();
        if (left == null) {
            Request own = node.own();
            if (own != null) {
                Problems.note(t, Deadlines.note(Reasons.of(own)));
            }
        }
        return outward(left, t, hook);
    }

    /**
     * What leaves a scope that does not own the cancellation.
     *
     * @param left the cancellation from outside whose doing it is; null if there is none
     * @param always whether whatever was thrown is how the cancellation showed
     */
    static Throwable outward(@Nullable Request left, Throwable thrown, boolean always) {
        if (left == null) {
            return thrown;
        }
        CancelReason reason = Reasons.of(left);
        boolean stale = thrown instanceof CancelledException c && c.reason() != reason;
        return stale || (always && !(thrown instanceof InterruptedException))
                ? new CancelledException(reason, thrown)
                : thrown;
    }
}
