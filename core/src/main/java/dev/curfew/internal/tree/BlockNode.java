package dev.curfew.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * The block of a group, or a generation of a service group: tasks have it as parent.
 *
 * <p>A block ends with its group. So its seal takes no atomic step if nobody has asked for
 * anything: who asks looks at the group before and afterwards. If it has not ended by then, the
 * owner, who leaves the block only when it has, sees the request.
 */
public final class BlockNode extends InnerNode {
    private final Members members;

    /**
     * The owner has entered it without a fence, and has not looked again since; see {@link
     * Nesting#enter(BlockNode)}. It is the top, then. Others may find it true too long; or false,
     * if they have got the group by a data race, and then the owner's look has to do.
     */
    boolean fresh;

    /**
     * @param parent null for a generation of a service group
     */
    public BlockNode(@Nullable Node parent, Members members) {
        super(parent, 0);
        this.members = members;
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Members attachment() {
        return members;
    }

    /**
     * Whoever has started a thread for a task of this block, after that: a compare-and-set stands
     * between the owner's entry, which came before, and this look.
     */
    @Override
    public void forked() {
        if (fresh) {
            Strand owner = strand();
            if (owner != null && owner.thread() == Thread.currentThread()) {
                fresh = false;
            }
            lookAround();
        }
    }

    /** Takes over, for itself and its tasks, what a canceller has missed it with. */
    void lookAround() {
        Node around = parent();
        Request m = around == null ? null : around.mark();
        if (m != null && raise(m) == Raised.NOW) {
            Cancelling.spread(m, false);
        }
    }

    private boolean over() {
        return strand() != null && members.ended();
    }

    @Override
    @Nullable Request ask(Object reason, boolean counts) {
        if (over()) {
            return null;
        }
        Request r = super.ask(reason, counts);
        if (r != null && over()) {
            r.seal();
            return null;
        }
        return r;
    }

    @Override
    public void seal() {
        if (asked()) {
            sealAsked();
        }
    }

    @Override
    public boolean sealed() {
        return over() || super.sealed();
    }
}
