package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stack of tasks. Pushes happen only at the head; cells of tasks that have ended are unlinked
 * behind the head by one purger at a time, once there have been twice as many pushes as the group
 * has live tasks. So the stack holds some three times the live tasks. The pushes are counted
 * without an atomic step: of those that collide one counts, and the next purge is that much later.
 *
 * <p>The cells are objects of their own, since a task that somebody holds must not hold those that
 * were forked before it.
 */
final class Cells {
    private static final int SLACK = 64;

    private static final VarHandle HEAD;
    private static final VarHandle PURGING;
    private static final VarHandle FIRST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(Cells.class, "head", Cell.class);
            PURGING = lookup.findVarHandle(Cells.class, "purging", boolean.class);
            FIRST = lookup.findVarHandle(Cells.class, "first", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Cell {
        private static final VarHandle NEXT;

        static {
            try {
                NEXT = MethodHandles.lookup().findVarHandle(Cell.class, "next", Cell.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final Strand strand;
        volatile @Nullable Cell next;

        Cell(Strand strand) {
            this.strand = strand;
        }

        /** Before it is published. */
        void initNext(@Nullable Cell cell) {
            NEXT.set(this, cell);
        }
    }

    private volatile @Nullable Cell head;
    private long pushes;
    private volatile boolean purging;

    /** The number of the first task's thread, which tells when that was; 0 while there is none. */
    private long first;

    /** Any thread. */
    void push(Strand strand, Members group) {
        Cell cell = new Cell(strand);
        Cell h;
        do {
            h = head;
            cell.initNext(h);
        } while (!HEAD.compareAndSet(this, h, cell));
        pushed(cell, group);
    }

    private void pushed(Cell cell, Members group) {
        long n = pushes + 1;
        pushes = n;
        if (first == 0) {
            FIRST.setOpaque(this, cell.strand.thread().threadId());
        }
        if (n % SLACK == 0
                && n > 2 * group.live() + SLACK
                && PURGING.compareAndSet(this, false, true)) {
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

    void forEach(Consumer<? super Strand> action) {
        for (Cell c = head; c != null; c = c.next) {
            if (!c.strand.ended()) {
                action.accept(c.strand);
            }
        }
    }

    long first() {
        return (long) FIRST.getOpaque(this);
    }
}
