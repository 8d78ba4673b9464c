package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A cancel scope, a shield or the scope of a hook: what can have a deadline. */
public final class ScopeNode extends InnerNode {
    private static final VarHandle TIMING;

    static {
        try {
            TIMING = MethodHandles.lookup().findVarHandle(ScopeNode.class, "timing", Timing.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Timing timing;

    /** The interrupt status that the entry of a shield put aside. The owner's. */
    boolean heldFlag;

    /** When the scope was made, in {@link System#nanoTime} terms; 0 if that was not told. */
    private long made;

    /** What this node is to the layers above. */
    private @Nullable Object attachment;

    public ScopeNode(@Nullable Node parent, int flags) {
        super(parent, flags);
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

    @Override
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
