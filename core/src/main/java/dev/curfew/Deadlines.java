package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.ScopeNode;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.Timing;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Scopes with a deadline. */
final class Deadlines {
    private Deadlines() {}

    // ---- running ---------------------------------------------------------------------------

    static <T extends @Nullable Object, X extends Exception> T call(
            Deadline deadline, @Nullable Duration limit, Work<? extends T, ? extends X> work)
            throws X, InterruptedException {
        ScopeRun run = ScopeRun.of(0);
        T value = run(run, deadline, limit, work);
        if (!run.hasThrown()) {
            return value;
        }
        CancelReason reason = run.endedBy();
        if (reason != null && reason.kind() != CancelReason.Kind.TIMED_OUT) {
            throw new TaskCancelledException(null, reason, run.thrown());
        }
        throw Shapes.<X>sneak(ended(run, reason, limit));
    }

    static <X extends Exception> void run(
            Deadline deadline, @Nullable Duration limit, VoidWork<? extends X> work)
            throws X, InterruptedException {
        ScopeRun run = ScopeRun.of(0);
        run(run, deadline, limit, CancelScope.work(work));
        if (!run.hasThrown()) {
            return;
        }
        CancelReason reason = run.endedBy();
        if (reason != null && reason.kind() != CancelReason.Kind.TIMED_OUT) {
            Problems.reportCleanUp("a scope", run.thrown());
            return;
        }
        throw Shapes.<X>sneak(ended(run, reason, limit));
    }

    static <T, X extends Exception> Optional<T> callOrEmpty(
            Deadline deadline, @Nullable Duration limit, Work<? extends T, ? extends X> work)
            throws X, InterruptedException {
        ScopeRun run = ScopeRun.of(0);
        T value = run(run, deadline, limit, work);
        if (!run.hasThrown()) {
            return Optional.of(
                    Objects.requireNonNull(
                            value, "work in withTimeoutOrEmpty must not end with null"));
        }
        if (run.endedBy() == null) {
            throw Shapes.<X>sneak(run.outward());
        }
        Problems.reportCleanUp("a scope with a timeout", run.thrown());
        return Optional.empty();
    }

    static <T extends @Nullable Object, X extends Exception> T shielded(
            Duration limit, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        Deadline deadline = Deadline.after(limit);
        ScopeRun run = ScopeRun.of(Node.SHIELD);
        T value = run(run, deadline, limit, work);
        if (!run.hasThrown()) {
            return value;
        }
        Throwable leaving = ended(run, run.endedBy(), limit);
        if (leaving instanceof DeadlineExceededException && run.endedBy() != null) {
            try {
                Managed.checkpoint();
            } catch (CancelledException outside) {
                outside.addSuppressed(leaving);
                throw outside;
            }
        }
        throw Shapes.<X>sneak(leaving);
    }

    private static <T extends @Nullable Object> @Nullable T run(
            ScopeRun run, Deadline deadline, @Nullable Duration limit, Work<? extends T, ?> work) {
        Objects.requireNonNull(work, "work");
        ScopeNode node = run.node();
        node.attach(new CancelScope(node));
        // With a limit the clock has been read already.
        node.made(limit != null ? Nanos.start(deadline.nanos(), limit) : System.nanoTime());
        return run.run(() -> ScopeRun.arm(node, deadline.nanos(), expiry(node, limit)), work);
    }

    private static Throwable ended(
            ScopeRun run, @Nullable CancelReason reason, @Nullable Duration limit) {
        return reason == null
                ? run.outward()
                : new DeadlineExceededException(
                        limit,
                        limit == null
                                ? "the work had not ended at its deadline, and was stopped"
                                : "the work had not ended after "
                                        + Text.of(limit)
                                        + ", and was stopped",
                        run.thrown());
    }

    private static Runnable expiry(ScopeNode node, @Nullable Duration limit) {
        return () ->
                ScopeRun.request(
                        node,
                        Reasons.timedOut(
                                limit == null
                                        ? "the deadline has passed"
                                        : "the limit of " + Text.of(limit) + " has passed"));
    }

    /** What a failure that leaves a cancelled scope is given as a note. */
    static Throwable note(CancelReason reason) {
        return reason.kind() == CancelReason.Kind.TIMED_OUT
                ? new DeadlineExceededException(
                        null, "the work's time was up when it failed: " + reason, null)
                : new TaskCancelledException(null, reason, null);
    }

    // ---- asking and moving -----------------------------------------------------------------

    static Optional<Duration> remaining() {
        Strand strand = Strand.current();
        if (strand == null) {
            return Optional.empty();
        }
        Node top = strand.top();
        if (top.inForce() != null) {
            return Optional.of(Duration.ZERO);
        }
        long earliest = Nanos.NEVER;
        for (Node n = top; n != null; n = n.parent()) {
            Timing t = n.timing();
            if (t != null) {
                if (n.isOver()) {
                    return Optional.of(Duration.ZERO); // it has expired since we looked
                }
                earliest = Nanos.earlier(earliest, t.deadline());
            }
            if (n.isShield()) {
                break;
            }
        }
        return earliest == Nanos.NEVER
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, Nanos.remaining(earliest))));
    }

    static void move(ScopeNode node, Deadline deadline) {
        for (; ; ) {
            node.expireIfDue();
            Timing old = node.timing();
            if (node.isOver() || node.own() != null || node.sealed()) {
                throw new IllegalStateException(
                        "the deadline of this scope cannot be moved any more: it "
                                + (node.sealed() ? "has ended" : "is cancelled"));
            }
            Timing moved = ScopeRun.timing(node, deadline.nanos(), expiry(node, null));
            if (node.timing(old, moved)) {
                if (old != null) {
                    old.stop();
                }
                node.expireIfDue();
                return;
            }
            moved.stop();
        }
    }

    /** How far a scope has come. */
    static String state(Node node) {
        Timing timing = node.timing();
        String left =
                timing == null || node.isOver() || timing.deadline() == Nanos.NEVER
                        ? ""
                        : ", "
                                + Text.of(
                                        Duration.ofNanos(
                                                Math.max(0, Nanos.remaining(timing.deadline()))))
                                + " left";
        Request own = node.own();
        boolean asked = own != null;
        boolean timedOut = own != null && Reasons.of(own).kind() == CancelReason.Kind.TIMED_OUT;
        if (node.sealed()) {
            return timedOut ? "expired" : asked ? "cancelled" : "ended";
        }
        return (timedOut ? "expiring" : asked ? "cancelling" : "active") + left;
    }
}
