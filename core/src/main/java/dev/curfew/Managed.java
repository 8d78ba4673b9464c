package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Ending;
import dev.curfew.internal.tree.Receiver;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.Wake;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The library's waits and checkpoints, with their ends turned into exceptions. */
final class Managed {
    private Managed() {}

    /**
     * A wait that a cancellation ends.
     *
     * @param target what to wait for; null to wait for the deadline alone
     * @return false if the deadline has passed first
     */
    static boolean await(@Nullable Ending target, long deadline) throws InterruptedException {
        if (target != null && target.ended()) {
            return true;
        }
        Strand strand = Strand.currentOrUnlisted();
        return done(strand, strand.await(target, deadline));
    }

    /** The same, which ends also when {@code enough} holds, see {@link Ending#nudge}. */
    static boolean await(Ending target, BooleanSupplier enough, long deadline)
            throws InterruptedException {
        if (target.ended() || enough.getAsBoolean()) {
            return true;
        }
        Strand strand = Strand.currentOrUnlisted();
        return done(strand, strand.await(target, enough, deadline));
    }

    /**
     * A wait that a cancellation ends, for something that tasks bring about.
     *
     * @param behind the tasks whose ends bring the target's: a wait that they can't end because
     *     they wait for the caller is refused
     * @return false if the deadline has passed first
     */
    static boolean await(
            Ending target, Supplier<? extends List<? extends Ending>> behind, long deadline)
            throws InterruptedException {
        if (target.ended()) {
            return true;
        }
        Strand strand = Strand.currentOrUnlisted();
        return done(strand, strand.await(target, behind, deadline));
    }

    /**
     * A wait that a cancellation does not end; it is thrown afterwards.
     *
     * @param ask what to do once it is known that the wait closes no cycle
     * @return false if the deadline has passed first
     */
    static boolean awaitHeld(List<? extends Ending> targets, long deadline, Runnable ask)
            throws InterruptedException {
        Strand strand = Strand.currentOrUnlisted();
        return done(strand, strand.awaitHeld(targets, deadline, ask));
    }

    /** Like {@link #awaitHeld}, only that what came up meanwhile is left pending, not thrown. */
    static boolean awaitQuietly(List<? extends Ending> targets, long deadline, Runnable ask) {
        Strand strand = Strand.currentOrUnlisted();
        leavePending(strand, strand.awaitHeld(targets, deadline, ask));
        return targets.stream().allMatch(Ending::ended);
    }

    /**
     * A wait that a cancellation or an interrupt does not end, and that leaves it pending: it only
     * has something done, once, and the wait goes on.
     *
     * @param behind like in {@link #await(Ending, Supplier, long)}
     */
    static void awaitReacting(
            Ending target, Supplier<? extends List<? extends Ending>> behind, Runnable reaction) {
        Strand strand = Strand.currentOrUnlisted();
        leavePending(strand, strand.awaitReacting(target, behind, reaction));
    }

    private static void leavePending(Strand strand, Wake wake) {
        if (wake == Wake.CYCLE) {
            throw new WaitCycleException(strand.cycle());
        }
        keepPending(strand, wake);
    }

    private static boolean done(Strand strand, Wake wake) throws InterruptedException {
        rethrow(strand, wake);
        return wake == Wake.DONE;
    }

    /** Throws what ended the caller's wait early, if anything did. */
    static void rethrow(Strand strand, Wake wake) throws InterruptedException {
        switch (wake) {
            case CANCELLED -> throw Reasons.signal(strand.delivered());
            case INTERRUPTED ->
                    throw new InterruptedException("this thread was interrupted while it waited");
            case CYCLE -> throw new WaitCycleException(strand.cycle());
            default -> {}
        }
    }

    /** Has what ended the caller's wait early show at its next blocking call instead. */
    static void keepPending(Strand strand, Wake wake) {
        switch (wake) {
            case CANCELLED -> {
                if (strand.wasPending()) {
                    strand.untell(strand.delivered());
                }
            }
            case INTERRUPTED -> Receiver.interruptCaller();
            default -> {}
        }
    }

    /** A checkpoint; outside any scope it looks at the thread's interrupt status. */
    static void checkpoint() throws InterruptedException {
        Strand strand = Strand.current();
        if (strand != null) {
            Request r = strand.checkpoint();
            if (r != null) {
                throw Reasons.signal(r);
            }
        }
        if (Receiver.clearCallersInterrupt()) {
            throw new InterruptedException("this thread was interrupted");
        }
    }

    /** Tells the caller that it is being cancelled, if it is and was not told yet. */
    static void ownCancellationFirst() throws CancelledException {
        Strand strand = Strand.current();
        if (strand != null) {
            Request r = strand.checkpointExact();
            if (r != null) {
                throw Reasons.signal(r);
            }
        }
    }

    /** The limit of a wait as a deadline. */
    static long deadline(Duration limit, String what) {
        requireNotNegative(limit, what);
        return Nanos.fromNow(limit);
    }

    static void requireNotNegative(Duration limit, String what) {
        Objects.requireNonNull(limit, what);
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "the " + what + " must be zero or more, not " + limit);
        }
    }
}
