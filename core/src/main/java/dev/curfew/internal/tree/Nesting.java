package dev.curfew.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * How a strand moves from scope to scope, and who owns a cancellation: that is decided here, from
 * the record of what was told, never from an exception.
 *
 * <p>Invariants, all kept by the strand's own thread ("the owner"):
 *
 * <ul>
 *   <li>{@code top} is the innermost scope; {@code inner} leads from the root to it. On leaving,
 *       {@code top} is restored before anything else, so that not even a stack overflow in here
 *       leaves it wrong.
 *   <li>{@code told} is what the code under {@code top} has been told of. It is saved at the entry
 *       of each scope, empty at the entry of a shield, and restored on leaving.
 *   <li>A cancellation that was told while an outer one was in force already is never converted by
 *       the inner scope: the outermost that was not told yet at its entry owns the signal.
 *   <li>After a scope was left nothing of its cancellation is pending or under way: the handshake
 *       with the deliverer ({@link #take}) comes after {@code top} has moved.
 * </ul>
 */
public abstract sealed class Nesting extends Waiting permits Strand {

    Nesting(Thread thread, @Nullable Node parent, @Nullable Ending task, boolean shield) {
        super(thread, parent, task, shield);
    }

    // ---- entering and leaving ----------------------------------------------------------------

    /**
     * Owner: the same as for any node, without a fence. So a canceller may miss the block, while
     * the owner misses the mark around it. The owner looks again after the first fence that comes:
     * when it has forked, where it waits, when it enters another scope or adds a hook, and at the
     * end of the body; and at each checkpoint. Until then the block is the top. A canceller that
     * finds a block at the top which it has not marked asks for what is around it, so that the
     * thread is told meanwhile.
     */
    public final void enter(BlockNode block) {
        Node parent = top;
        if (isFresh(parent)) {
            enter((InnerNode) block);
            return;
        }
        noteSeen();
        saveInto(block);
        block.fresh = true;
        parent.link(block);
        moveSoon(block);
        Request m = parent.mark();
        if (m != null) {
            block.raise(m);
            rearm();
        }
    }

    private void saveInto(InnerNode node) {
        Told now = told;
        if (now != null) {
            node.entryTold = now;
        }
        Request acted = hookActed;
        if (acted != null) {
            node.heldHook = acted;
        }
    }

    private static boolean isFresh(Node node) {
        return node instanceof BlockNode block && block.fresh;
    }

    /** Owner: makes {@code node}, whose parent is the top, the innermost scope. */
    public final void enter(InnerNode node) {
        noteSeen();
        saveInto(node);
        Node parent = top;
        parent.link(node);
        if (parent == this && task == null) {
            moveSoon(node); // nothing is around it that could be cancelled
        } else {
            top = node;
            lookAgain(parent);
        }
        if (node.isShield()) {
            enterShield((ScopeNode) node);
            return;
        }
        Request m = parent.mark();
        if (m != null) {
            node.raise(m);
        }
        if (!node.allowsInterrupts() && parent.allowsInterrupts()) {
            takeBack(node);
        } else if (m != null) {
            // A canceller that came between the new top and its mark has found nothing to tell.
            rearm();
        }
    }

    /** What was sent and not seen is taken back where no interrupts belong, to be sent later. */
    private void takeBack(InnerNode node) {
        Signal taken = take();
        if (taken == null) {
            return;
        }
        if (taken.unseen()) {
            clearTaken(taken);
        } else {
            note(taken);
            node.entryTold = told;
        }
    }

    /** An interrupt of ours that something has consumed was delivered. */
    private void noteSeen() {
        Signal taken = takeSeen();
        if (taken != null) {
            note(taken);
        }
    }

    /** Hooks that run are waited for, and what was told outside does not count inside. */
    private void enterShield(ScopeNode shield) {
        for (Node n = shield.parent(); n != null && n.strand() == this; n = n.parent()) {
            for (ScopeHook h = n.hooks(); h != null; h = h.next) {
                h.awaitRun();
            }
            if (n.isShield()) {
                break;
            }
        }
        takeBack(shield);
        shield.heldFlag = Told.live(told) != null && clearInterrupt();
        hookActed = null;
        told = null;
    }

    /**
     * Owner: leaves the innermost scope.
     *
     * @return whose doing it is that the body was left: the node's own request, which ends here;
     *     one from further outside, which goes on; null if no cancellation had to do with it
     */
    public final @Nullable Request leave(InnerNode node, Shape shape) {
        return node.settled ? leaveEnded(node) : leaveNow(node, shape);
    }

    /** No fence: nothing was sent for the block since it was held, see {@link Receiver}. */
    private @Nullable Request leaveEnded(InnerNode node) {
        Node parent = node.parent();
        moveSoon(parent);
        parent.unlink();
        closeHooks(node);
        node.seal();
        // What came after the body had ended is not why it was left.
        settle(node, Shape.NOTHING);
        Request result = decide(node, parent, false);
        rearm();
        return result;
    }

    private @Nullable Request leaveNow(InnerNode node, Shape shape) {
        Node parent = node.parent();
        top = parent;
        parent.unlink();
        closeHooks(node);
        node.signal |= settle(node, node.held ? Shape.NOTHING : shape);
        if (node.signal) {
            begin(SHIELDED);
            node.expireAllDue();
        }
        node.endTiming();
        node.seal();
        boolean signal = node.signal;
        Request result = decide(node, parent, signal);
        if (signal) {
            running();
        }
        if (node.isShield()) {
            leaveShield((ScopeNode) node);
        }
        rearm();
        return result;
    }

    static void closeHooks(Node node) {
        for (ScopeHook h = node.hooks(); h != null; h = h.next) {
            h.close();
        }
    }

    /** Takes notice of what was delivered. True if what left the body can be its doing. */
    final boolean settle(Node node, Shape shape) {
        return settle(node, shape, take());
    }

    /** The same at the end of a task: who threw is asked no more what it was told. */
    final boolean settleLast(Shape shape) {
        Signal taken = takeLast();
        return taken == null || hookActed != null || shape == Shape.NOTHING
                ? settle(this, shape, taken)
                : shape == Shape.SIGNAL || (shape == Shape.SOCKET && everSent());
    }

    private boolean settle(Node node, Shape shape, @Nullable Signal taken) {
        return taken == null && hookActed == null
                ? shape == Shape.SIGNAL || (shape == Shape.SOCKET && everSent())
                : takeNotice(node, shape, taken);
    }

    private boolean takeNotice(Node node, Shape shape, @Nullable Signal taken) {
        boolean thrown = shape == Shape.SIGNAL || shape == Shape.SOCKET;
        if (taken != null && taken.unseen() && !thrown) {
            clearTaken(taken);
        } else if (taken != null) {
            note(taken);
        }
        Request acted = hookActed;
        if (acted != null) {
            if (acted.withdrawn()) {
                acted = null;
            } else if (thrown || shape == Shape.EXCEPTION) {
                told = Told.plus(told, acted, false);
            }
            if (acted == null || acted.depth() >= node.depth()) {
                hookActed = null;
            } else if (node instanceof InnerNode scope && node.isHook()) {
                hookActed = scope.heldHook;
            }
        }
        return shape == Shape.SIGNAL
                || (shape == Shape.SOCKET && (everSent() || acted != null))
                || (shape == Shape.EXCEPTION && acted != null);
    }

    private @Nullable Request decide(InnerNode node, Node parent, boolean signal) {
        Told atEntry = node.entryTold;
        boolean quiet = !signal && told == atEntry && node.own() == null;
        return quiet && parent.mark() == null && !node.isShield()
                ? null
                : decideAsked(node, parent, signal);
    }

    private @Nullable Request decideAsked(InnerNode node, Node parent, boolean signal) {
        Told atEntry = node.entryTold;
        Told base = node.isShield() ? null : atEntry;
        Told now = told;
        boolean toldSince = false;
        for (Told t = now; t != null && t != base; t = t.outer()) {
            toldSince |= !t.request().withdrawn();
        }
        Request own = node.own();
        Request outer = node.isShield() ? null : untold(parent, atEntry, signal);
        if (own == null && outer == null && !toldSince) {
            if (now != atEntry) {
                told = atEntry;
            }
            return null;
        }
        if (outer == null && own != null) {
            told = atEntry;
            if (toldSince) {
                clearInterrupt();
                giveBack(now, base, -1);
            }
            return toldSince && signal ? own : null;
        }
        boolean handOn = outer != null && toldSince && signal;
        if (own != null && toldSince && !handOn) {
            clearInterrupt();
        }
        Told kept = node.isShield() ? atEntry : keep(now, base, node.depth());
        giveBack(now, base, node.isShield() ? -1 : node.depth());
        told = handOn ? Told.plus(kept, outer, false) : kept;
        return handOn ? outer : null;
    }

    /**
     * Owner: the body of a block has ended; nothing is delivered from here to {@link #leave}, which
     * has to follow.
     */
    public final void hold(BlockNode block, Shape shape) {
        block.held = true;
        begin(ENDING);
        held(block, shape);
    }

    /** Owner: begins it, for {@link #held} to go on once a compare-and-set has followed. */
    public final void holdSoon(BlockNode block) {
        block.held = true;
        endingSoon();
    }

    /** Owner: the second half of {@link #hold}. */
    public final void held(BlockNode block, Shape shape) {
        lookAgain(block);
        block.signal = settle(block, shape);
        block.settled = !block.signal;
    }

    /** Owner: ends what {@link #hold} began, right before {@link #leave}. */
    public final void release() {
        runningSoon();
    }

    /** What was told since, of scopes that are still open. */
    private static @Nullable Told keep(@Nullable Told now, @Nullable Told base, int depth) {
        if (now == base || now == null) {
            return base;
        }
        Told outer = keep(now.outer(), base, depth);
        Request r = now.request();
        if (r.withdrawn() || r.depth() >= depth) {
            return outer;
        }
        return outer == now.outer() ? now : new Told(r, now.merged(), outer, now.nanos());
    }

    /** A stranger's interrupt that was consumed together with one that ends here is set again. */
    private void giveBack(@Nullable Told now, @Nullable Told base, int keptBelow) {
        boolean lost = false;
        for (Told t = now; t != null && t != base; t = t.outer()) {
            lost |= t.merged() && t.request().depth() >= keptBelow;
        }
        if (lost) {
            setInterrupt();
        }
    }

    private void leaveShield(ScopeNode shield) {
        told = shield.entryTold;
        if (hookActed == null) {
            hookActed = shield.heldHook;
        }
        if (shield.heldFlag) {
            setInterrupt();
        }
        for (Node n = top; n != null && n.strand() == this; n = n.parent()) {
            n.triggerHooks();
            if (n.isShield()) {
                return;
            }
        }
    }

    /** Owner: what was told is to be told again, since something else left instead of it. */
    public final void untell(Request request) {
        forget(without(told, request));
    }

    /** Owner: the same for all that was told since {@code node}, left by now, was entered. */
    public final void untellSince(Node node) {
        Told rest = told;
        for (Told t = told; t != null; t = t.outer()) {
            if (!Told.contains(node.entryTold(), t.request())) {
                rest = without(rest, t.request());
            }
        }
        forget(rest);
    }

    /**
     * The interrupt status belonged to what was told. It is cleared with it, before it is set for
     * what is to be told again; otherwise it would be taken for a stranger's, and be given back.
     */
    private void forget(@Nullable Told rest) {
        boolean owned = ownsFlag();
        boolean merged = false;
        for (Told t = told; t != null; t = t.outer()) {
            merged |= t.merged() && !Told.contains(rest, t.request());
        }
        told = rest;
        if (owned && !ownsFlag()) {
            clearInterrupt();
            if (merged) {
                setInterrupt();
            }
        }
        rearm();
    }

    private static @Nullable Told without(@Nullable Told told, Request request) {
        if (told == null || !Told.contains(told, request)) {
            return told;
        }
        Told outer = without(told.outer(), request);
        return told.request() == request
                ? outer
                : new Told(told.request(), told.merged(), outer, told.nanos());
    }
}
