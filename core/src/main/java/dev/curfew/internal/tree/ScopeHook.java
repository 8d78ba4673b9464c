package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Hook;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A hook of one scope. It acts for a request that the code inside has not been told of: one of its
 * own scope or from around it; and, where it replaces the interrupt and no other hook does so
 * further inside, also one of a scope inside; but not that of a block whose body has ended, where
 * there is nothing to interrupt.
 */
public final class ScopeHook extends Hook {

    /** What a hook does. */
    @FunctionalInterface
    public interface Action extends Telling.Action<Exception> {}

    private final Strand strand;
    private final Node node;
    private final @Nullable Told told;
    private final boolean replacesInterrupt;
    private final Action action;
    volatile @Nullable ScopeHook next;

    ScopeHook(
            Strand strand,
            Node node,
            @Nullable Told told,
            boolean replacesInterrupt,
            Action action) {
        this.strand = strand;
        this.node = node;
        this.told = told;
        this.replacesInterrupt = replacesInterrupt;
        this.action = action;
    }

    @Override
    protected @Nullable Object gate() {
        Node top = strand.top();
        boolean innerHook = false;
        for (Node n = top; n != node; n = n.parent()) {
            if (n == null || n.isShield()) {
                return null;
            }
            innerHook |= n.isHook();
        }
        Node from = top instanceof BlockNode b && b.mark() == null && b != node ? b.parent() : top;
        Request r = strand.untold(Objects.requireNonNull(from), told, false);
        if (r == null || r.depth() <= node.depth()) {
            return r;
        }
        boolean over = top instanceof BlockNode block && block.held && block.own() == r;
        return replacesInterrupt && !innerHook && !over ? r : null;
    }

    @Override
    protected void actsFor(Object cause) {
        strand.hookActs((Request) cause);
    }

    @Override
    protected void act() throws Exception {
        Telling.run(strand, action);
    }

    @Override
    protected String label() {
        return strand.label();
    }

    /** Closes it and takes it from its scope's list, if this is the scope's thread. */
    public void remove() {
        close();
        if (Thread.currentThread() == strand.thread()) {
            node.dropClosedHooks();
        }
    }
}
