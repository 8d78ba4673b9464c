package dev.curfew.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * A node that its strand enters and leaves. There are far fewer of these than there are roots of
 * tasks, whose size counts. All that is in here is the owner's.
 */
public abstract sealed class InnerNode extends Node permits ScopeNode, BlockNode {
    private final @Nullable Strand strand;

    /** What the strand had been told when the node was entered. */
    @Nullable Told entryTold;

    /** The hook's doing that the entry put aside. */
    @Nullable Request heldHook;

    /** What left the body can be a cancellation's doing. */
    boolean signal;

    /** The body of a block has ended, and its end waits. Written before how its owner waits. */
    boolean held;

    /** What was sent before that has been taken, and is not why the body was left. */
    boolean settled;

    InnerNode(@Nullable Node parent, int flags) {
        super(parent, inherited(parent, flags));
        this.strand = parent == null ? null : parent.strand();
    }

    @Override
    public final @Nullable Strand strand() {
        return strand;
    }

    @Override
    @Nullable Told entryTold() {
        return entryTold;
    }

    /** Owner: whoever looks for a deadline finds none any more. */
    void endTiming() {}
}
