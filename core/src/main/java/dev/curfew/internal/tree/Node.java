package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A place where a cancellation can start or stop: a strand, which is the root of its scopes; a
 * scope ({@link ScopeNode}); the block of a group, or a generation of a service group ({@link
 * BlockNode}).
 *
 * <pre>
 *   strand -inner-> scope -inner-> block -inner-> ... -inner-> top      one strand, one thread
 *                                    |
 *                                 members: other strands, whose parent is the block
 * </pre>
 *
 * <p>{@code own} is the first cancellation of this node. {@code mark} is the outermost one in force
 * here: its own or an ancestor's, up to the nearest shield. Marks are a cache: they arrive one node
 * at a time, and only ever move outwards (or away from a withdrawn request), so concurrent
 * cancellations commute. What has to be exact asks {@link #inForce}.
 *
 * <p>Memory order: who enters links first ({@code inner}, or the group's members) and reads the
 * parent's mark afterwards; who cancels writes the mark first and reads the link afterwards. Both
 * fields are volatile, so at least one sees the other. A block is entered with less, and looks
 * again later, see {@link Nesting#enter(BlockNode)}.
 */
public abstract sealed class Node permits InnerNode, Receiver {
    /** Holds back what comes from outside. */
    public static final int SHIELD = 1;

    /** A hook of its own replaces the interrupt. */
    public static final int HOOK = 2;

    /** No interrupts in here, shields inside included. */
    public static final int NO_INTERRUPTS = 4;

    private static final int INHERITED_HOOK = 8;

    private static final VarHandle OWN;
    private static final VarHandle MARK;
    private static final VarHandle INNER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWN = lookup.findVarHandle(Node.class, "own", Request.class);
            MARK = lookup.findVarHandle(Node.class, "mark", Request.class);
            INNER = lookup.findVarHandle(Node.class, "inner", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int DEPTH_SHIFT = 8;

    private final @Nullable Node parent;

    /** Depth and flags; there is a node for every task, so its size counts. */
    private final int shape;

    private volatile @Nullable Request own;
    private volatile @Nullable Request mark;
    private volatile @Nullable Node inner;
    private volatile @Nullable ScopeHook hooks;

    Node(@Nullable Node parent, int flags) {
        this.parent = parent;
        this.shape = below(parent) | flags;
    }

    /** The flags of a node in this one, which are its own and what it inherits. */
    static int inherited(@Nullable Node parent, int flags) {
        if (parent == null) {
            return flags;
        }
        boolean hooked = (parent.shape & (HOOK | INHERITED_HOOK)) != 0;
        boolean shield = (flags & SHIELD) != 0;
        return flags | parent.shape & NO_INTERRUPTS | (hooked && !shield ? INHERITED_HOOK : 0);
    }

    private static int below(@Nullable Node parent) {
        return parent == null ? 0 : (parent.depth() + 1) << DEPTH_SHIFT;
    }

    public @Nullable Node parent() {
        return parent;
    }

    int depth() {
        return shape >>> DEPTH_SHIFT;
    }

    /** Null for a generation of a service group. */
    public abstract @Nullable Strand strand();

    /** The group whose node this is, or null. */
    public @Nullable Members members() {
        return null;
    }

    public boolean isShield() {
        return (shape & SHIELD) != 0;
    }

    public boolean isHook() {
        return (shape & HOOK) != 0;
    }

    boolean allowsInterrupts() {
        return (shape & (HOOK | INHERITED_HOOK | NO_INTERRUPTS)) == 0;
    }

    /** What this node is to the layers above, or null. */
    public @Nullable Object attachment() {
        return null;
    }

    /** What the strand had been told when the node was entered; a root is not. */
    @Nullable Told entryTold() {
        return null;
    }

    @Nullable Node inner() {
        return inner;
    }

    /** Its strand's top is written next, which orders both before the look at the mark. */
    void link(Node node) {
        INNER.setRelease(this, node);
    }

    /** A canceller that still finds what was linked marks what has been left, and harms nothing. */
    void unlink() {
        INNER.setRelease(this, null);
    }

    /** A task whose parent this is has been started. */
    public void forked() {}

    // ---- requests ---------------------------------------------------------------------------

    /** The request of this very node, in force or sealed with its end; null if none. */
    public @Nullable Request own() {
        Request r = own;
        return r == null || !r.stands() ? null : r;
    }

    /**
     * Records a request.
     *
     * @param counts whether it is an explicit one, which can be withdrawn
     * @return the request in force, new or earlier; null if the node has ended
     */
    @Nullable Request ask(Object reason, boolean counts) {
        for (; ; ) {
            Request r = own;
            if (r == null || r.withdrawn()) {
                Request fresh =
                        counts ? Request.counted(this, reason) : Request.kept(this, reason, null);
                if (OWN.compareAndSet(this, r, fresh)) {
                    return fresh;
                }
            } else if (r.sealed()) {
                return null;
            } else if (counts ? r.ask() : r.keep()) {
                return r;
            }
        }
    }

    /** Keeps this block cancelled when {@code request}, which had reached it, is withdrawn. */
    void askInstead(Request request) {
        Request r = own;
        if (r == null || r.withdrawn()) {
            // Whoever is faster keeps it cancelled as well.
            OWN.compareAndSet(this, r, Request.kept(this, request.reason(), request));
        }
    }

    /** Owner: no request is recorded after this. */
    public void seal() {
        if (own != null || !OWN.compareAndSet(this, null, Request.NONE)) {
            sealAsked();
        }
    }

    /** Whether there has been a request, or the node was sealed. */
    final boolean asked() {
        return own != null;
    }

    final void sealAsked() {
        for (; ; ) {
            Request r = own;
            if (r == null || r.withdrawn()) {
                if (OWN.compareAndSet(this, r, Request.NONE)) {
                    return;
                }
            } else if (r.sealed() || r.seal()) {
                return;
            }
        }
    }

    /** Whether the node has ended. */
    public boolean sealed() {
        Request r = own;
        return r != null && r.sealed();
    }

    /** The outermost request that has arrived here, or null. */
    public @Nullable Request mark() {
        return mark == null ? null : standingMark();
    }

    private @Nullable Request standingMark() {
        for (; ; ) {
            Request m = mark;
            if (m == null || !m.withdrawn()) {
                return m;
            }
            Request fresh = inForce();
            if (MARK.compareAndSet(this, m, fresh)) {
                return fresh;
            }
        }
    }

    /**
     * What has been asked of this very node, or has arrived here. Costs nothing, unlike {@link
     * #inForce}, and misses only what is still being spread by somebody else.
     */
    public @Nullable Request reached() {
        Request r = own();
        return r != null ? r : mark();
    }

    /** What came of raising a mark. */
    enum Raised {
        NOW,
        /** By somebody else: who has raised it tells the strand's task. */
        BEFORE,
        /** An outer one stands, or it is void. */
        NOT
    }

    Raised raise(Request request) {
        for (; ; ) {
            Request m = mark();
            if (m == request) {
                return Raised.BEFORE;
            }
            if (request.withdrawn() || (m != null && m.depth() <= request.depth())) {
                return Raised.NOT;
            }
            if (MARK.compareAndSet(this, m, request)) {
                return Raised.NOW;
            }
        }
    }

    /**
     * The outermost request in force, asked of all ancestors up to the nearest shield. Exact, where
     * {@link #mark} may lag behind. Costs a step for each ancestor from where the mark comes from;
     * without that leap the ends of a cancelled tree, which all ask, would cost the square of its
     * depth.
     */
    public @Nullable Request inForce() {
        Request outermost = null;
        Node n = this;
        while (n != null) {
            Request arrived = n.arrived();
            if (arrived != null) {
                outermost = arrived;
                n = arrived.origin();
            } else {
                Request r = n.own();
                if (r != null) {
                    outermost = r;
                }
                n = n.isShield() ? null : n.parent;
            }
        }
        return outermost;
    }

    /** What has arrived here from outside, without a look at the ancestors; or null. */
    private @Nullable Request arrived() {
        Request m = mark;
        return m == null || m.origin() == this || m.withdrawn() ? null : m;
    }

    // ---- deadlines --------------------------------------------------------------------------

    /** Null if there is no deadline, as a root has none. */
    public @Nullable Timing timing() {
        return null;
    }

    /** Whether this node's time was up, or it has been left. */
    public boolean isOver() {
        Timing t = timing();
        return t == Timing.OVER || (t != null && t.expiring());
    }

    /**
     * Expires this scope if its time is up, the way its timer would. When this returns it has been
     * asked to stop and what is inside is marked, also where somebody else is about to do that.
     */
    public void expireIfDue() {}

    /**
     * The same for this scope and all around it, up to the nearest shield. Where a cancellation has
     * come to a strand from outside, the scopes that it came through are left to their own timers.
     */
    public void expireAllDue() {
        Node n = this;
        while (n != null) {
            n.expireIfDue();
            Request arrived = n.isRoot() ? n.arrived() : null;
            n = arrived != null ? arrived.origin() : n.isShield() ? null : n.parent;
        }
    }

    private boolean isRoot() {
        return strand() == this;
    }

    // ---- hooks: a list that its owner changes and cancellers read ----------------------------

    public final @Nullable ScopeHook hooks() {
        return hooks;
    }

    /** Owner only. */
    void addHook(ScopeHook hook) {
        dropClosedHooks();
        hook.next = hooks;
        hooks = hook;
    }

    /** Owner only. */
    void dropClosedHooks() {
        ScopeHook kept = null;
        for (ScopeHook h = hooks; h != null; h = h.next) {
            if (!h.closed()) {
                kept = h;
            } else if (kept == null) {
                hooks = h.next;
            } else {
                kept.next = h.next;
            }
        }
    }

    void triggerHooks() {
        for (ScopeHook h = hooks; h != null; h = h.next) {
            h.trigger();
        }
    }
}
