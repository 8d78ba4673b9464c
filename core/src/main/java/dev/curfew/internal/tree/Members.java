package dev.curfew.internal.tree;

import dev.curfew.internal.time.FullHeap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one group, and how it ends.
 *
 * <pre>
 *   control word:   CLOSED | CLOSING | live background tasks | live tasks
 *
 *            close()                          the last task has ended
 *   (open) ----------> CLOSING, live > 0 ----------------------------> CLOSING, CLOSED
 *      |                                                                     ^
 *      +---------------------------------------------------------------------+
 *                            close() with no live task
 * </pre>
 *
 * <p>A fork counts itself in first and looks at the word that it found: CLOSED there, and it takes
 * itself out and is refused. So the word never closes over a fork that was let in, and no lock is
 * needed. Whoever takes the live count to zero while CLOSING sets CLOSED, unless another fork has
 * been let in by then, which will.
 *
 * <p>The owner of a block forks most of its tasks, while enders on other threads change the word.
 * So it counts in {@value #GRANT} at a time, the first of them from the start, and takes back with
 * {@code close} what it has not used: its body runs, so the group cannot be closed meanwhile.
 *
 * <p>Whoever finds it CLOSING with background tasks alone ends those. A background task that is
 * forked counts itself in and links itself before it looks, so one of the two sees the other.
 *
 * <p>The tasks are in two stacks: one of the owner's forks ({@link Owned}), which needs no atomic
 * step, and one of everybody else's ({@link Cells}). Each is made when it is needed; the first fork
 * of the owner's, which often is the only one, needs none.
 *
 * <p>Memory layout: who forks reads this object and writes the owner's stack, who ends writes the
 * word, see {@link Gate}. On one cache line they would take it from each other with every task.
 */
public abstract class Members extends Gate {
    private static final long CLOSED = 1L << 62;
    private static final long CLOSING = 1L << 61;
    private static final int BACKGROUND_SHIFT = 30;
    private static final long LIVE = (1L << BACKGROUND_SHIFT) - 1;
    private static final int GRANT = 32;

    private static final VarHandle OTHERS;
    private static final VarHandle OWNED;

    static {
        try {
            OTHERS = MethodHandles.lookup().findVarHandle(Members.class, "others", Cells.class);
            OWNED = MethodHandles.lookup().findVarHandle(Members.class, "owned", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * What the owner of the block has forked: null before its first, {@link #COUNTED} once that is
     * counted in, its strand once it is complete, and an {@link Owned} from the second on.
     */
    private volatile @Nullable Object owned;

    /** What everybody else has forked; null before the first. */
    private volatile @Nullable Cells others;

    /** A group that is no block's. */
    protected Members() {
        super(padded(), 0);
    }

    /**
     * The group of a block, whose owner forks.
     *
     * @param gate from {@link #gate}, for this group alone
     */
    protected Members(long @Nullable [] gate) {
        super(gate, GRANT);
    }

    /** For the group of a block, to be made before it. */
    public static long @Nullable [] gate() {
        return padded();
    }

    private static final Object COUNTED = new Object();

    /** What came of trying to let a task in. */
    public enum Entry {
        ADMITTED,
        /** By the owner of the block. */
        ADMITTED_TO_OWNER,
        /** Its end is being waited for; the caller decides by whether it is cancelled. */
        ADMITTED_WHILE_CLOSING,
        REFUSED
    }

    private static long one(boolean background) {
        return background ? 1L | (1L << BACKGROUND_SHIFT) : 1L;
    }

    /** Counts a task in. Unless refused, {@link #countDown} has to follow. */
    public final Entry countUp(boolean background) {
        if (!background && countedByOwner()) {
            return Entry.ADMITTED_TO_OWNER;
        }
        long one = one(background);
        long found = add(one);
        if ((found & CLOSED) != 0) {
            add(-one);
            return Entry.REFUSED;
        }
        return (found & CLOSING) != 0 ? Entry.ADMITTED_WHILE_CLOSING : Entry.ADMITTED;
    }

    /** False if this is not the owner's thread, or the body of its block has ended. */
    private boolean countedByOwner() {
        if (ownerThread() != Thread.currentThread()) {
            return false;
        }
        Object forked = owned;
        if (!(forked instanceof Owned) && closing()) {
            return false;
        }
        if (forked == null) {
            OWNED.setRelease(this, COUNTED);
            return true;
        }
        Owned mine = forked instanceof Owned many ? many : many(forked);
        int left = mine.ahead();
        if (left < 0) {
            return false;
        }
        if (left == 0) {
            add(GRANT);
            left = GRANT;
        }
        mine.ahead(left - 1);
        return true;
    }

    private Owned many(Object first) {
        Owned mine = new Owned(GRANT - 1);
        if (first instanceof Strand strand) {
            mine.push(strand, this);
        }
        OWNED.setRelease(this, mine);
        return mine;
    }

    /** What the owner was granted and has not used; -1 once the body has ended. */
    private int ahead(@Nullable Object forked, long word) {
        if (forked instanceof Owned many) {
            return many.ahead();
        }
        if ((word & CLOSING) != 0 || owner() == null) {
            return -1;
        }
        return forked == null ? GRANT : GRANT - 1;
    }

    /** Counts a task out; the last one out of a closing group closes it. */
    public final void countDown(boolean background) {
        long one = one(background);
        long c = word();
        boolean last = !background && (c & (LIVE | CLOSING | CLOSED)) == (1L | CLOSING);
        if (last && move(c, (c - one) | CLOSED)) {
            wakeWaiters();
        } else {
            countDownOne(one);
        }
    }

    private void countDownOne(long one) {
        long left = add(-one) - one;
        if ((left & LIVE) != 0 || (left & CLOSING) == 0) {
            endBackgroundIfAlone(left);
        } else if ((left & CLOSED) == 0 && move(left, left | CLOSED)) {
            wakeWaiters();
        }
    }

    /**
     * The owner at the end of its block is no entry of the list, since it is known who that is. It
     * closes the block itself, as a rule; a {@code LastResort} does where it has no stack for that.
     */
    private void wakeWaiters() {
        Thread owner = ownerThread();
        if (owner != null && owner != Thread.currentThread()) {
            LockSupport.unpark(owner);
        }
        wakeAll();
    }

    /** Ends the background tasks if the group is closing and nothing else is left in it. */
    public final void endBackgroundIfAlone() {
        endBackgroundIfAlone(word());
    }

    private void endBackgroundIfAlone(long c) {
        long background = (c >> BACKGROUND_SHIFT) & LIVE;
        if (background != 0 && background == (c & LIVE) && (c & CLOSING) != 0) {
            endBackground();
        }
    }

    private void endBackground() {
        for (; ; ) {
            try {
                forEach(strand -> {
                    if (strand.background()) {
                        othersEnded(strand);
                    }
                });
                return;
            } catch (OutOfMemoryError e) {
                FullHeap.pause(); // nobody comes after the last
            }
        }
    }

    /** It ends with its last task from now on. Of a block: called by its owner. */
    public final void close() {
        Object forked = owned;
        long c = word();
        int unused = Math.max(0, ahead(forked, c));
        if (forked instanceof Owned many) {
            many.ahead(-1);
        }
        while ((c & CLOSING) == 0) {
            long next = closing(c - unused);
            if (move(c, next)) {
                if ((next & CLOSED) != 0) {
                    wakeWaiters();
                } else {
                    endBackgroundIfAlone(next);
                }
                return;
            }
            c = word();
        }
    }

    private static long closing(long word) {
        return (word & LIVE) == 0 ? word | CLOSING | CLOSED : word | CLOSING;
    }

    /** It counts as ended from now on, and takes nothing more, whatever is left in it. */
    public final void abandon() {
        for (; ; ) {
            long c = word();
            if ((c & CLOSED) != 0) {
                return;
            }
            if (move(c, c | CLOSING | CLOSED)) {
                wakeWaiters();
                return;
            }
        }
    }

    public final boolean closing() {
        return (word() & CLOSING) != 0;
    }

    @Override
    public final boolean ended() {
        return (word() & CLOSED) != 0;
    }

    /** How many there are; from other threads than the owner's, as well as it is known. */
    public final long live() {
        long c = word();
        int ahead = Math.max(0, ahead(owned, c));
        return Math.max(0, (c & LIVE) - ahead);
    }

    /**
     * Adds a task that was counted in. Its strand must be complete.
     *
     * <p>Memory order: the owner's store is a release, and the start of the thread, which is a
     * compare-and-set in every JDK thread, comes after it. The task asks its parent's mark at its
     * own start, and so sees a mark that was written by a canceller who has missed the cell. A
     * background task is looked for by its forker, too, who needs the compare-and-set.
     */
    public final void add(Strand strand, Entry entry) {
        if (entry == Entry.ADMITTED_TO_OWNER) {
            if (owned instanceof Owned many) {
                many.push(strand, this);
            } else {
                OWNED.setRelease(this, strand);
            }
            return;
        }
        Cells cells = others;
        if (cells == null) {
            Cells fresh = new Cells();
            cells =
                    OTHERS.compareAndSet(this, null, fresh)
                            ? fresh
                            : Objects.requireNonNull(others);
        }
        cells.push(strand, this);
    }

    /** The strands of all tasks that have not ended; those that come meanwhile may be missed. */
    public final void forEach(Consumer<? super Strand> action) {
        Object mine = owned;
        if (mine instanceof Owned many) {
            many.forEach(action);
        } else if (mine instanceof Strand one && !one.ended()) {
            action.accept(one);
        }
        Cells rest = others;
        if (rest != null) {
            rest.forEach(action);
        }
    }

    /** For reports: the thread of the first task that it had, by its number; 0 if it had none. */
    public final long first() {
        Object mine = owned;
        Cells rest = others;
        long a = mine instanceof Owned many ? many.first() : 0;
        if (mine instanceof Strand one) {
            a = one.thread().threadId();
        }
        long b = rest == null ? 0 : rest.first();
        return a == 0 || b == 0 ? a + b : Math.min(a, b);
    }

    @Override
    public final void forEachWaiter(Consumer<? super Thread> action) {
        super.forEachWaiter(action);
        Strand owner = owner();
        if (owner != null && endAwaited()) {
            action.accept(owner.thread());
        }
    }

    /** What users hold of it. */
    public Object facade() {
        return this;
    }

    /** Asks a background task to stop: the group is closing, and all others have ended. */
    protected abstract void othersEnded(Strand background);

    /** A cancellation has reached tasks of the group. May be called often, and must not block. */
    protected abstract void reached();

    /** The strand whose block this is, or null. */
    protected abstract @Nullable Strand owner();

    /** Its thread. The last task asks, on another core: not by way of what the owner writes. */
    protected @Nullable Thread ownerThread() {
        Strand owner = owner();
        return owner == null ? null : owner.thread();
    }

    /** Whether the owner waits at the end of the block. */
    protected abstract boolean ownerAtEnd();

    /** For reports: whether the end of the block is being waited for. */
    public final boolean endAwaited() {
        return ownerAtEnd() && !ended();
    }
}
