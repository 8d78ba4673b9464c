package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a strand has been told, what it is to be told, and how it waits. {@link Strand} adds how it
 * moves from scope to scope.
 *
 * <p>A managed wait is level-triggered: it ends as long as a cancellation is in force. An interrupt
 * is not: it is sent for what was not told yet, and for a scope inside of what was told, never for
 * one outside, which is handed on when the inner scope is left.
 */
public abstract sealed class Hearing extends Taking permits Waiting {
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

    final @Nullable Ending task;
    volatile Node top;
    volatile @Nullable Told told;

    /** The outermost request that a hook has acted for; what is thrown after that is its doing. */
    volatile @Nullable Request hookActed;

    volatile boolean over;

    /** Owner only: what the last {@link Wake} was about: a Request, or the names of a cycle. */
    private @Nullable Object heard;

    private boolean wasPending;

    Hearing(Thread thread, @Nullable Node parent, @Nullable Ending task, boolean shield) {
        super(parent, shield ? SHIELD : 0, thread, task == null ? RUNNING : SHIELDED);
        this.task = task;
        TOP.set(this, this); // it is published by a compare-and-set
    }

    /** Nothing is delivered by now, so there is nobody to whom this must be visible at once. */
    final void setOver() {
        OVER.setRelease(this, true);
    }

    /**
     * Owner: the top, where no look has to come after it, or a compare-and-set comes between the
     * two.
     */
    final void moveSoon(Node node) {
        TOP.setRelease(this, node);
    }

    public final Node root() {
        return this;
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
        return (Request) Objects.requireNonNull(heard);
    }

    /** Owner: what the last {@link Wake#CYCLE} was about. */
    @SuppressWarnings("unchecked") // it is asked for after a CYCLE only
    public final List<String> cycle() {
        return (List<String>) Objects.requireNonNull(heard);
    }

    final void heardOf(List<String> cycle) {
        heard = cycle;
    }

    /** Owner: whether that would have shown at the next blocking call; else it was told before. */
    public final boolean wasPending() {
        return wasPending;
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
        return m == null || !Told.contains(told, m) ? m : untoldSince(from, told, m);
    }

    private @Nullable Request untoldSince(Node from, @Nullable Told told, Request m) {
        Request outermost = null;
        for (Node n = from; n != null && n.strand() == this; n = n.parent()) {
            Request r = n.own();
            if (r != null && !Told.contains(told, r) && Told.contains(n.entryTold(), m)) {
                outermost = r;
            }
            if (n.isShield()) {
                break;
            }
        }
        return outermost;
    }

    @Override
    protected final boolean awaitsEnd() {
        return top instanceof BlockNode block && block.held && !block.members().ended();
    }

    /**
     * A block whose body has ended wants nothing for itself; and a canceller may have missed one
     * that was entered just now, see {@link Nesting#enter(BlockNode)}.
     */
    @Override
    protected final @Nullable Object wanted(boolean again) {
        Node t = top;
        if (t instanceof BlockNode block && (block.held || block.mark() == null)) {
            t = Objects.requireNonNull(block.parent());
        }
        return t.mark() == null || !t.allowsInterrupts() || over ? null : wantedAt(t, again);
    }

    private @Nullable Object wantedAt(Node t, boolean again) {
        Told known = Told.live(told);
        if (sentCause() instanceof Request sent && !sent.withdrawn()) {
            known = Told.plus(known, sent, false);
        }
        Request r = untold(t, known, false);
        if (r != null) {
            return known == null || r.depth() > known.request().depth() ? r : null;
        }
        Request m = t.mark();
        boolean repeated = again && m != null && m.depth() <= depth();
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

    // ---- a block that was entered without a fence, see Nesting ---------------------------------

    /** Owner: without a fence, so that another look has to follow. */
    private void lookAround() {
        if (top instanceof BlockNode block && block.fresh) {
            block.lookAround();
        }
    }

    /** Owner: after a fence. */
    static void lookAgain(Node node) {
        if (node instanceof BlockNode block && block.fresh) {
            block.fresh = false;
            block.lookAround();
        }
    }

    // ---- checkpoints ---------------------------------------------------------------------------

    /** Owner: a checkpoint. What is delivered here, or null. Looks at the clock for deadlines. */
    public final @Nullable Request checkpoint() {
        top.expireAllDue();
        lookAround();
        Request r = levelTriggered();
        if (r != null) {
            deliver(r);
        }
        return r;
    }

    /** Owner: like {@link #checkpoint}, only for what has not been told yet. */
    public final @Nullable Request checkpointOnce() {
        lookAround();
        Request r = untold(top, Told.live(told), false);
        if (r != null) {
            deliver(r);
        }
        return r;
    }

    /**
     * Owner: what has come from outside since {@code node}, left by now, was entered; or null. A
     * cancellation that has reached the tasks of the node has marked what is around it before.
     */
    public final @Nullable Request outsideSince(Node node) {
        if (top.mark() == null) {
            return null; // the walk to the root is for those who are cancelled
        }
        Request r = untold(top, Told.live(node.entryTold()), true);
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

    final @Nullable Request levelTriggered() {
        Request m = top.mark();
        if (m == null) {
            return null;
        }
        Request r = untold(top, told, false);
        return r != null ? r : m;
    }

    /**
     * It counts as told before the signal is read: a canceller that is about to tell it finds so,
     * and what it has sent by then is taken here. Its interrupt would be taken for a stranger's.
     */
    final void deliver(Request request) {
        boolean owned = ownsFlag();
        Told before = told;
        told = Told.plus(before, request, false);
        Told now = before;
        boolean merged = false;
        boolean pending = againPending();
        Signal taken = take();
        if (taken == null) {
            boolean flag = clearInterrupt();
            merged = flag && !owned;
            pending |= flag;
        } else if (taken.unseen()) {
            merged = taken.merged();
            clearInterrupt();
            pending = true;
        } else {
            now = plus(now, taken);
        }
        delivered(request, pending || !Told.contains(now, request));
        told = Told.plus(now, request, merged);
        dropAgain();
    }

    final void delivered(Request request, boolean pending) {
        heard = request;
        wasPending = pending;
    }

    /** Owner: an interrupt that was taken counts as told, since when it was sent. */
    final void note(Signal taken) {
        told = plus(told, taken);
    }

    private static Told plus(@Nullable Told told, Signal taken) {
        Request cause = (Request) Objects.requireNonNull(taken.cause());
        return Told.plus(told, cause, taken.merged(), taken.nanos());
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
            at = find(n.entryTold(), request);
        }
        return at.isPresent() ? at : consumed(request);
    }

    private static OptionalLong find(@Nullable Told told, Request request) {
        Told found = Told.findLike(told, request);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.nanos());
    }

    /** Owner, after its end: whether a cancellation that reached the task itself was told it. */
    public final boolean wasTold(Request request) {
        return Told.findLike(told, request) != null;
    }

    final boolean inShield() {
        for (Node n = top; n != null && n.strand() == this; n = n.parent()) {
            if (n.isShield()) {
                return true;
            }
        }
        return false;
    }
}
