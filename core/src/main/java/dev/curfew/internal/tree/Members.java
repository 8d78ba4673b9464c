package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
 * So it counts in {@value #GRANT} at a time, and takes back with {@code close} what it has not
 * used: its body runs, so the group cannot be closed meanwhile.
 *
 * <p>Whoever finds it CLOSING with background tasks alone ends those. A background task that is
 * forked counts itself in and links itself before it looks, so one of the two sees the other.
 *
 * <p>The tasks are a stack of cells. Pushes happen only at the head; cells of tasks that have ended
 * are unlinked behind the head by one purger at a time, once there have been twice as many pushes
 * as there are live tasks. So the stack holds some three times the live tasks. The pushes are
 * counted without an atomic step: of those that collide one counts, and the next purge is that much
 * later.
 */
public abstract class Members extends Ending {
    private static final long CLOSED = 1L << 62;
    private static final long CLOSING = 1L << 61;
    private static final int BACKGROUND_SHIFT = 30;
    private static final long LIVE = (1L << BACKGROUND_SHIFT) - 1;
    private static final int SLACK = 64;
    private static final int GRANT = 32;

    private static final VarHandle CONTROL;
    private static final VarHandle HEAD;
    private static final VarHandle PURGING;
    private static final VarHandle AHEAD;
    private static final VarHandle FIRST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CONTROL = lookup.findVarHandle(Members.class, "control", long.class);
            HEAD = lookup.findVarHandle(Members.class, "head", Cell.class);
            AHEAD = lookup.findVarHandle(Members.class, "ahead", int.class);
            FIRST = lookup.findVarHandle(Members.class, "first", long.class);
            PURGING = lookup.findVarHandle(Members.class, "purging", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Cell {
        final Strand strand;
        volatile @Nullable Cell next;

        private static final VarHandle NEXT;

        static {
            try {
                NEXT = MethodHandles.lookup().findVarHandle(Cell.class, "next", Cell.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        Cell(Strand strand) {
            this.strand = strand;
        }

        /** Before it is published by a compare-and-set. */
        void initNext(@Nullable Cell cell) {
            NEXT.set(this, cell);
        }
    }

    private volatile long control;

    /** Tasks that the owner of the block has counted in ahead; -1 once its body has ended. */
    private int ahead;

    private volatile @Nullable Cell head;
    private long pushes;
    private volatile boolean purging;

    /** The number of the first task's thread, which tells when that was; 0 while there is none. */
    private long first;

    /** What came of trying to let a task in. */
    public enum Entry {
        ADMITTED,
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
            return Entry.ADMITTED;
        }
        long one = one(background);
        long found = (long) CONTROL.getAndAdd(this, one);
        if ((found & CLOSED) != 0) {
            CONTROL.getAndAdd(this, -one);
            return Entry.REFUSED;
        }
        return (found & CLOSING) != 0 ? Entry.ADMITTED_WHILE_CLOSING : Entry.ADMITTED;
    }

    /** False if this is not the owner's thread, or the body of its block has ended. */
    private boolean countedByOwner() {
        Strand owner = owner();
        if (owner == null || owner.thread() != Thread.currentThread()) {
            return false;
        }
        int left = ahead;
        if (left < 0) {
            return false;
        }
        if (left == 0) {
            CONTROL.getAndAdd(this, (long) GRANT);
            left = GRANT;
        }
        AHEAD.setOpaque(this, left - 1);
        return true;
    }

    /** Counts a task out; the last one out of a closing group closes it. */
    public final void countDown(boolean background) {
        long one = one(background);
        long c = control;
        boolean last = !background && (c & (LIVE | CLOSING | CLOSED)) == (1L | CLOSING);
        if (last && CONTROL.compareAndSet(this, c, (c - one) | CLOSED)) {
            wakeAll();
            return;
        }
        long left = (long) CONTROL.getAndAdd(this, -one) - one;
        if ((left & LIVE) != 0 || (left & CLOSING) == 0) {
            endBackgroundIfAlone(left);
        } else if ((left & CLOSED) == 0 && CONTROL.compareAndSet(this, left, left | CLOSED)) {
            wakeAll();
        }
    }

    /** Ends the background tasks if the group is closing and nothing else is left in it. */
    public final void endBackgroundIfAlone() {
        endBackgroundIfAlone(control);
    }

    private void endBackgroundIfAlone(long c) {
        long background = (c >> BACKGROUND_SHIFT) & LIVE;
        if (background != 0 && background == (c & LIVE) && (c & CLOSING) != 0) {
            forEach(strand -> {
                if (strand.background()) {
                    othersEnded(strand);
                }
            });
        }
    }

    /** It ends with its last task from now on. Of a block: called by its owner. */
    public final void close() {
        int unused = Math.max(0, ahead);
        AHEAD.setOpaque(this, -1);
        for (; ; ) {
            long c = control;
            if ((c & CLOSING) != 0) {
                return;
            }
            long next = (c - unused) | CLOSING;
            if ((next & LIVE) == 0) {
                next |= CLOSED;
            }
            if (CONTROL.compareAndSet(this, c, next)) {
                if ((next & CLOSED) != 0) {
                    wakeAll();
                } else {
                    endBackgroundIfAlone(next);
                }
                return;
            }
        }
    }

    /** It counts as ended from now on, and takes nothing more, whatever is left in it. */
    public final void abandon() {
        for (; ; ) {
            long c = control;
            if ((c & CLOSED) != 0) {
                return;
            }
            if (CONTROL.compareAndSet(this, c, c | CLOSING | CLOSED)) {
                wakeAll();
                return;
            }
        }
    }

    public final boolean closing() {
        return (control & CLOSING) != 0;
    }

    @Override
    public final boolean ended() {
        return (control & CLOSED) != 0;
    }

    /** How many there are; from other threads than the owner's, as well as it is known. */
    public final long live() {
        return Math.max(0, (control & LIVE) - Math.max(0, (int) AHEAD.getOpaque(this)));
    }

    /** Adds a task that was counted in. Its strand must be complete. */
    public final void add(Strand strand) {
        Cell cell = new Cell(strand);
        Cell h;
        do {
            h = head;
            cell.initNext(h);
        } while (!HEAD.compareAndSet(this, h, cell));
        long n = pushes + 1;
        pushes = n;
        if (first == 0) {
            FIRST.setOpaque(this, strand.thread().threadId());
        }
        if (n % SLACK == 0 && n > 2 * live() + SLACK && PURGING.compareAndSet(this, false, true)) {
            pushes = 0;
            purgeBehind(cell);
            purging = false;
        }
    }

    private static void purgeBehind(Cell first) {
        Cell kept = first;
        for (Cell c = first.next; c != null; c = c.next) {
            if (!c.strand.ended()) {
                if (kept.next != c) {
                    kept.next = c;
                }
                kept = c;
            }
        }
        kept.next = null;
    }

    /** The strands of all tasks that have not ended; those that come meanwhile may be missed. */
    public final void forEach(Consumer<? super Strand> action) {
        for (Cell c = head; c != null; c = c.next) {
            if (!c.strand.ended()) {
                action.accept(c.strand);
            }
        }
    }

    /** For reports: the thread of the first task that it had, by its number; 0 if it had none. */
    public final long first() {
        return (long) FIRST.getOpaque(this);
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

    /** Whether the owner waits at the end of the block. */
    protected abstract boolean ownerAtEnd();

    /** For reports: whether the end of the block is being waited for. */
    public final boolean endAwaited() {
        return ownerAtEnd() && !ended();
    }
}
