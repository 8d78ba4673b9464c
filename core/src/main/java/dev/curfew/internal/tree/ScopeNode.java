package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A node with something to it: a scope or a block, which its strand enters and leaves; or a
 * generation of a service group. There are far fewer of these than there are roots of tasks, whose
 * size counts.
 */
public final class ScopeNode extends Node {
    private static final VarHandle TIMING;

    static {
        try {
            TIMING = MethodHandles.lookup().findVarHandle(ScopeNode.class, "timing", Timing.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Timing timing;

    /** When the scope was made, in {@link System#nanoTime} terms; of blocks it is not kept. */
    private long made;

    /** A group's members, or what this node is to the layers above (a scope, say). */
    private @Nullable Object attachment;

    /** What the strand had been told when the node was entered; owner only. */
    @Nullable Told entryTold;

    /** The interrupt status that the entry of a shield put aside; owner only. */
    boolean heldFlag;

    /** The hook's doing that the entry of a shield put aside; owner only. */
    @Nullable Request heldHook;

    /** What left the body can be a cancellation's doing; owner only. */
    boolean signal;

    /** The body of a block has ended, and its end waits. */
    boolean held;

    public ScopeNode(@Nullable Node parent, int flags, @Nullable Members members) {
        super(parent, parent == null ? null : parent.strand(), inherited(parent, flags));
        this.attachment = members;
    }

    @Override
    public @Nullable Members members() {
        return attachment instanceof Members members ? members : null;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    /** When it was made, as it was told; null if it was not. */
    public @Nullable Long made() {
        return made == 0 ? null : made;
    }

    /** To be called before the node is entered. */
    public void made(long nanos) {
        made = nanos;
    }

    /** To be called before the node is entered. */
    public void attach(Object object) {
        attachment = object;
    }

    @Override
    @Nullable Told entryTold() {
        return entryTold;
    }

    // ---- deadlines --------------------------------------------------------------------------

    @Override
    public @Nullable Timing timing() {
        return timing;
    }

    /** False if somebody else has changed it. */
    public boolean timing(@Nullable Timing from, @Nullable Timing to) {
        return TIMING.compareAndSet(this, from, to);
    }

    @Override
    public void expireIfDue() {
        for (Timing t = timing; t != null && t.isDue(); t = timing) {
            if (t.expiring()) {
                t.expire().run();
                Request r = own();
                if (r != null) {
                    Cancelling.spread(r, false);
                }
                timing(t, Timing.OVER);
            } else if (timing(t, t.claimed())) {
                t.stop();
            }
        }
    }

    void endTiming() {
        for (; ; ) {
            Timing t = timing;
            if (t == Timing.OVER) {
                return;
            }
            if (timing(t, Timing.OVER)) {
                if (t != null) {
                    t.stop();
                }
                return;
            }
        }
    }
}
