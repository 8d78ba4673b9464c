package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Receiver;
import dev.curfew.internal.time.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a strand has been told, what it is to be told, and how it waits. {@link Strand} adds how it
 * moves from scope to scope.
 *
 * <p>A managed wait is level-triggered: it ends as long as a cancellation is in force. An interrupt
 * is not: it is sent for what was not told yet, and for a scope inside of what was told, never for
 * one outside, which is handed on when the inner scope is left.
 */
public abstract sealed class Hearing extends Receiver permits Strand {
    private static final BooleanSupplier NOTHING_ELSE = () -> false;
    private static final VarHandle HOOK_ACTED;
    private static final VarHandle TOP;
    private static final VarHandle OVER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HOOK_ACTED = lookup.findVarHandle(Hearing.class, "hookActed", Request.class);
            TOP = lookup.findVarHandle(Hearing.class, "top", Node.class);
            OVER = lookup.findVarHandle(Hearing.class, "over", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Node root;
    final @Nullable Ending task;
    volatile Node top;
    volatile @Nullable Told told;

    /** The outermost request that a hook has acted for; what is thrown after that is its doing. */
    volatile @Nullable Request hookActed;

    volatile boolean over;

    private @Nullable Request delivered;
    private List<String> cycle = List.of();

    Hearing(Thread thread, @Nullable Node parent, @Nullable Ending task, boolean shield) {
        super(thread, task == null ? RUNNING : SHIELDED);
        this.task = task;
        this.root = Node.root(parent, (Strand) this, shield);
        TOP.set(this, root); // it is published by a compare-and-set
    }

    /** Nothing is delivered by now, so there is nobody to whom this must be visible at once. */
    final void setOver() {
        OVER.setRelease(this, true);
    }

    public final Node root() {
        return root;
    }

    public final Node top() {
        return top;
    }

    /** The task that runs on this strand; null on a thread that the library did not start. */
    public final @Nullable Ending task() {
        return task;
    }

    public final boolean ended() {
        return over;
    }

    public final String label() {
        return task != null ? task.label() : "thread " + thread().getName();
    }

    /** Owner: what the last {@link Wake#CANCELLED} was about. */
    public final Request delivered() {
        return Objects.requireNonNull(delivered);
    }

    /** Owner: what the last {@link Wake#CYCLE} was about. */
    public final List<String> cycle() {
        return cycle;
    }

    // ---- what is to be told -----------------------------------------------------------------

    /**
     * What code under {@code from} that has been told of {@code told} has not been told of: the
     * outermost cancellation in force, or, if that is known, one of a scope entered since.
     *
     * @param exact ask the ancestors instead of the mark
     */
    @Nullable Request untold(Node from, @Nullable Told told, boolean exact) {
        Request m = exact ? from.inForce() : from.mark();
        if (m == null || !Told.contains(told, m)) {
            return m;
        }
        Request outermost = null;
        for (Node n = from; n != null && n.strand() == this; n = n.parent()) {
            Request r = n.own();
            if (r != null && !Told.contains(told, r) && Told.contains(n.entryTold, m)) {
                outermost = r;
            }
            if (n.isShield()) {
                break;
            }
        }
        return outermost;
    }

    @Override
    protected @Nullable Object wanted(boolean again) {
        Node t = top;
        if (over || !t.allowsInterrupts() || t.mark() == null) {
            return null;
        }
        Told known = Told.live(told);
        if (sentCause() instanceof Request sent && !sent.withdrawn()) {
            known = Told.plus(known, sent, false);
        }
        Request r = untold(t, known, false);
        if (r != null) {
            return known == null || r.depth() > known.request().depth() ? r : null;
        }
        Request m = t.mark();
        boolean repeated = again && m != null && m.depth() <= root.depth();
        return repeated ? m : null;
    }

    @Override
    protected boolean ownsFlag() {
        return Told.live(told) != null;
    }

    /** A hook acts for {@code request}. Called by the hook's thread, before it acts. */
    void hookActs(Request request) {
        for (; ; ) {
            Request r = hookActed;
            if (r != null && !r.withdrawn() && r.depth() <= request.depth()) {
                return;
            }
            if (HOOK_ACTED.compareAndSet(this, r, request)) {
                return;
            }
        }
    }

    // ---- checkpoints and waits -----------------------------------------------------------------

    /** Owner: a checkpoint. What is delivered here, or null. Looks at the clock for deadlines. */
    public final @Nullable Request checkpoint() {
        top.expireAllDue();
        Request r = levelTriggered();
        if (r != null) {
            deliver(r);
        }
        return r;
    }

    /** Owner: like {@link #checkpoint}, only for what has not been told yet. */
    public final @Nullable Request checkpointOnce() {
        Request r = untold(top, Told.live(told), false);
        if (r != null) {
            deliver(r);
        }
        return r;
    }

    /** Owner: what has come from outside since {@code node}, left by now, was entered; or null. */
    public final @Nullable Request outsideSince(Node node) {
        Request r = untold(top, Told.live(node.entryTold), true);
        if (r != null) {
            deliver(r);
        }
        return r;
    }

    /** Owner: the cancellation in force that was not told yet, asked of all ancestors; or null. */
    public final @Nullable Request checkpointExact() {
        Request r = untold(top, Told.live(told), true);
        if (r != null) {
            deliver(r);
        }
        return r;
    }

    private @Nullable Request levelTriggered() {
        Request m = top.mark();
        if (m == null) {
            return null;
        }
        Request r = untold(top, told, false);
        return r != null ? r : m;
    }

    private void deliver(Request request) {
        boolean owned = ownsFlag();
        boolean merged = false;
        switch (take()) {
            case UNSEEN -> {
                merged = takenMerged();
                clearInterrupt();
            }
            case SEEN -> told = Told.plus(told, (Request) takenCause(), takenMerged());
            case NONE -> merged = clearInterrupt() && !owned;
        }
        told = Told.plus(told, request, merged);
        dropAgain();
        delivered = request;
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
            targets.forEach(t -> waiters.add(t.enlist(thread(), null)));
        } else if (!enlist(targets, waiters, false)) {
            return Wake.CYCLE;
        }
        begin(CANCELLABLE);
        try {
            return park(ending, enough, deadline);
        } finally {
            running();
            Waits.delist(targets, waiters);
            rearm();
        }
    }

    private Wake park(@Nullable Ending ending, BooleanSupplier enough, long deadline) {
        for (; ; ) {
            if ((ending != null && ending.ended()) || enough.getAsBoolean()) {
                return Wake.DONE;
            }
            Request r = levelTriggered();
            if (r != null) {
                deliver(r);
                return Wake.CANCELLED;
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

    private boolean enlist(List<? extends Ending> targets, List<Ending.Waiter> into, boolean held) {
        List<String> found = Waits.enlist((Strand) this, targets, into, held);
        cycle = found;
        return found.isEmpty();
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
        boolean ours = false;
        switch (take()) {
            case UNSEEN -> ours = !takenMerged();
            case SEEN -> told = Told.plus(told, (Request) takenCause(), takenMerged());
            case NONE -> {}
        }
        boolean owned = ownsFlag();
        boolean flag = clearInterrupt() && !ours;
        boolean done = true;
        try {
            asked.run();
            for (Ending e : targets) {
                while (done && !e.ended()) {
                    flag |= clearInterrupt();
                    done = parkUntil(deadline);
                }
            }
        } finally {
            running();
            Waits.delist(targets, waiters);
        }
        flag |= clearInterrupt();
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
                delivered = m;
                return Wake.CANCELLED;
            }
        }
        return Wake.INTERRUPTED;
    }

    /** For reports: whether what comes from outside is held back. */
    public final boolean shielded() {
        return inShield();
    }

    /**
     * For reports: when the code on this strand was told of {@code request}, in nanoTime terms.
     * Weakly consistent: any thread may ask, and the owner's entries of what it was told at the
     * entry of each scope are read as they come.
     */
    public final OptionalLong toldAt(Request request) {
        OptionalLong at = find(told, request);
        for (Node n = top; at.isEmpty() && n != null && n.strand() == this; n = n.parent()) {
            at = find(n.entryTold, request);
        }
        return at.isPresent() ? at : consumed(request);
    }

    private static OptionalLong find(@Nullable Told told, Request request) {
        for (Told t = told; t != null; t = t.outer()) {
            if (t.request() == request || t.request() == request.replaces) {
                return OptionalLong.of(t.nanos());
            }
        }
        return OptionalLong.empty();
    }

    /** Owner, after its end: whether a cancellation that reached the task itself was told it. */
    public final boolean wasTold(Request request) {
        return Told.contains(told, request);
    }

    private boolean inShield() {
        for (Node n = top; n != null && n.strand() == this; n = n.parent()) {
            if (n.isShield()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Owner: the wait at the end of a block. Nothing is decided here.
     *
     * @param interrupted runs, once, when somebody else has interrupted this thread
     */
    public final void awaitMembers(Members members, Runnable interrupted) {
        if (members.ended()) {
            return;
        }
        List<Ending.Waiter> waiters = List.of(members.enlist(thread(), null));
        boolean owned = ownsFlag();
        boolean flag = false;
        while (!members.ended()) {
            if (!clearInterrupt()) {
                LockSupport.park(this);
            } else if (!flag) {
                flag = true;
                if (!owned) {
                    interrupted.run();
                }
            }
        }
        if (flag && owned) {
            setInterrupt();
        }
        Waits.delist(List.of(members), waiters);
    }
}
