package dev.curfew.internal.tree;

import dev.curfew.internal.time.Nanos;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a strand waits: for endings, in a wait that a cancellation ends, in one that nothing ends,
 * and at the end of a block.
 */
public abstract sealed class Waiting extends Hearing permits Nesting {
    private static final BooleanSupplier NOTHING_ELSE = () -> false;

    Waiting(Thread thread, @Nullable Node parent, @Nullable Ending task, boolean shield) {
        super(thread, parent, task, shield);
    }

    /**
     * Owner: a managed wait.
     *
     * @param ending what to wait for; null to wait for the deadline alone
     * @param deadline in nanoTime terms, or {@link Nanos#NEVER}
     */
    public final Wake await(@Nullable Ending ending, long deadline) {
        if (ending != null && ending.ended()) {
            return Wake.DONE;
        }
        return await(ending, NOTHING_ELSE, deadline);
    }

    /**
     * Owner: the same, which ends also when {@code enough} holds: whoever makes it so calls {@link
     * Ending#nudge} afterwards.
     */
    public final Wake await(@Nullable Ending ending, BooleanSupplier enough, long deadline) {
        return awaitThrough(ending, ending == null ? List.of() : ending.parts(), enough, deadline);
    }

    /**
     * Owner: a managed wait for something that is brought about by the ends of tasks.
     *
     * @param behind the tasks, asked for only if this strand is a task, which cycles of waits go
     *     through
     */
    public final Wake await(
            Ending ending, Supplier<? extends List<? extends Ending>> behind, long deadline) {
        return awaitThrough(ending, with(ending, behind), NOTHING_ELSE, deadline);
    }

    private List<Ending> with(Ending ending, Supplier<? extends List<? extends Ending>> behind) {
        List<Ending> targets = new ArrayList<>();
        targets.add(ending);
        if (Telling.taskOf((Strand) this) != null) {
            targets.addAll(behind.get());
        }
        return targets;
    }

    private Wake awaitThrough(
            @Nullable Ending ending,
            List<? extends Ending> targets,
            BooleanSupplier enough,
            long deadline) {
        List<Ending.Waiter> waiters = new ArrayList<>(targets.size());
        if (ending instanceof Combined c && !c.needsAll()) {
            targets.forEach(t -> waiters.add(t.enlist(thread(), null, false)));
        } else if (!enlist(targets, waiters, false)) {
            return cancelledOr(Wake.CYCLE);
        }
        begin(CANCELLABLE);
        try {
            lookAgain(top);
            return park(ending, enough, deadline, waiters);
        } finally {
            running();
            Waits.delist(targets, waiters);
            rearm();
        }
    }

    /** The cancellation in force, asked of all ancestors, would have ended the wait. */
    private Wake cancelledOr(Wake otherwise) {
        Request inForce = top.inForce();
        if (inForce == null) {
            return otherwise;
        }
        Request untold = untold(top, told, true);
        deliver(untold != null ? untold : inForce);
        return Wake.CANCELLED;
    }

    private Wake park(
            @Nullable Ending ending,
            BooleanSupplier enough,
            long deadline,
            List<Ending.Waiter> waiters) {
        for (; ; ) {
            if (isOver(ending, enough)) {
                return Wake.DONE;
            }
            Request r = levelTriggered();
            if (r != null) {
                if (isOver(ending, enough)) {
                    return Wake.DONE; // a failing task ends first, and is what the request is for
                }
                deliver(r);
                return Wake.CANCELLED;
            }
            if (isToGiveUp(waiters)) {
                return Wake.CYCLE;
            }
            if (clearInterrupt()) {
                return Wake.INTERRUPTED;
            }
            if (deadline == Nanos.NEVER) {
                LockSupport.park(this);
            } else {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return Wake.TIMED_OUT;
                }
                LockSupport.parkNanos(this, left);
            }
        }
    }

    private static boolean isOver(@Nullable Ending ending, BooleanSupplier enough) {
        return (ending != null && ending.ended()) || enough.getAsBoolean();
    }

    /** Whether the end of a block has closed a cycle that only the end of this wait can open. */
    private boolean isToGiveUp(List<Ending.Waiter> waiters) {
        for (Ending.Waiter w : waiters) {
            List<String> closed = w.cycle;
            if (closed != null) {
                heardOf(closed);
                return true;
            }
        }
        return false;
    }

    private boolean enlist(List<? extends Ending> targets, List<Ending.Waiter> into, boolean held) {
        List<String> found = Waits.enlist((Strand) this, targets, into, held);
        if (found.isEmpty()) {
            return true;
        }
        heardOf(found);
        return false;
    }

    /**
     * Owner: waits until all have ended, whatever happens to this strand meanwhile; that surfaces
     * afterwards. Not a checkpoint.
     *
     * @param asked runs once this is known to close no cycle of waits, before the wait
     * @return DONE, TIMED_OUT or CYCLE; or CANCELLED or INTERRUPTED for what came up meanwhile
     *     (then all have ended, or the deadline has passed)
     */
    public final Wake awaitHeld(List<? extends Ending> targets, long deadline, Runnable asked) {
        List<Ending.Waiter> waiters = new ArrayList<>(targets.size());
        if (!enlist(targets, waiters, true)) {
            return Wake.CYCLE;
        }
        begin(SHIELDED);
        lookAgain(top);
        Signal taken = take();
        boolean ours = taken != null && taken.unseen() && !taken.merged();
        if (taken != null && !taken.unseen()) {
            note(taken);
        }
        boolean owned = ownsFlag();
        boolean flag = clearInterrupt() && !ours;
        boolean done = true;
        boolean givenUp = false;
        try {
            asked.run();
            if (deadline == Nanos.NEVER) {
                sendWhatIsLeft();
            }
            for (Ending e : targets) {
                while (done && !givenUp && !e.ended()) {
                    givenUp = isToGiveUp(waiters);
                    if (!givenUp) {
                        flag |= clearInterrupt();
                        done = parkUntil(deadline);
                    }
                }
            }
        } finally {
            running();
            Waits.delist(targets, waiters);
        }
        flag |= clearInterrupt();
        if (givenUp) {
            if (flag) {
                setInterrupt();
            }
            rearm();
            return Wake.CYCLE;
        }
        return afterHeld(flag, owned, done ? Wake.DONE : Wake.TIMED_OUT);
    }

    /** Owner: {@link #awaitHeld} for something that is brought about by the ends of tasks. */
    public final Wake awaitHeld(
            Ending ending, Supplier<? extends List<? extends Ending>> behind, Runnable asked) {
        return awaitHeld(with(ending, behind), Nanos.NEVER, asked);
    }

    private boolean parkUntil(long deadline) {
        if (deadline == Nanos.NEVER) {
            LockSupport.park(this);
            return true;
        }
        long left = deadline - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(this, left);
        }
        return left > 0;
    }

    private Wake afterHeld(boolean flag, boolean owned, Wake done) {
        Request r = untold(top, Told.live(told), false);
        if (r == null && againPending()) {
            r = (Request) wanted(true);
        }
        if (r != null) {
            if (flag) {
                setInterrupt();
            }
            deliver(r);
            return Wake.CANCELLED;
        }
        dropAgain();
        if (!flag) {
            return done;
        }
        if (inShield()) {
            setInterrupt();
            return done;
        }
        if (owned) {
            Request m = levelTriggered();
            if (m != null) {
                delivered(m, true);
                return Wake.CANCELLED;
            }
        }
        return Wake.INTERRUPTED;
    }

    /** Owner: sends what is left to be sent of the interrupts for its scopes. */
    public final void help() {
        if (top.mark() != null) {
            sendWhatIsLeft();
        }
    }

    private void sendWhatIsLeft() {
        for (Node n = top; n != null && n.strand() == this; n = n.parent()) {
            Request r = n.own();
            if (r != null) {
                r.help();
            }
        }
    }

    /**
     * Owner: the wait at the end of a block. Nothing is decided here.
     *
     * @param held wait on when somebody else interrupts this thread, until the end
     * @return whether somebody has; if not held the group may not have ended then
     */
    public final boolean awaitMembers(Members members, boolean held) {
        if (task == null && members.live() == 1 && thread().isVirtual()) {
            GivingWay.await(members); // in a task it costs more than it saves
        }
        if (members.ended()) {
            return false;
        }
        boolean owned = ownsFlag();
        boolean flag = false;
        boolean ours = false;
        for (; ; ) {
            LockSupport.park(this); // it returns at once if the status is set
            if (members.ended()) {
                break;
            }
            if (!clearInterrupt()) {
                continue;
            }
            if (sentCause() != null) {
                ours = true; // it has ended meanwhile
            } else if (owned || held) {
                flag = true;
            } else {
                return true;
            }
        }
        if (ours || (flag && owned)) {
            setInterrupt();
        }
        return flag && !owned;
    }
}
