package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stack of the tasks that the owner of a block has forked. He alone writes here; others read, and
 * may miss what comes meanwhile.
 *
 * <p>It is a list of arrays, the youngest first, each filled from its second element on. When the
 * youngest is full and more than twice as many tasks have come since the last purge as the group
 * has live ones, those that have not ended are put into arrays of their own. So it holds some three
 * times the live tasks, at four bytes each.
 */
final class Owned {
    private static final int LEAST = 8;
    private static final int MOST = 128;
    private static final int SLACK = 64;

    /** Index of the next older array. */
    private static final int OLDER = 0;

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle YOUNGEST;
    private static final VarHandle FIRST;
    private static final VarHandle AHEAD;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            YOUNGEST = lookup.findVarHandle(Owned.class, "youngest", Object[].class);
            FIRST = lookup.findVarHandle(Owned.class, "first", long.class);
            AHEAD = lookup.findVarHandle(Owned.class, "ahead", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable Object[] youngest = new Object[LEAST];

    /** Elements of the youngest array that are in use. */
    private int used = OLDER + 1;

    /** Tasks in the older arrays. */
    private long older;

    /** The number of the first task's thread, which tells when that was; 0 while there is none. */
    private long first;

    /** Tasks that were counted in ahead; -1 once the body has ended. */
    private int ahead;

    Owned(int ahead) {
        this.ahead = ahead;
    }

    int ahead() {
        return (int) AHEAD.getOpaque(this);
    }

    void ahead(int tasks) {
        AHEAD.setOpaque(this, tasks);
    }

    long first() {
        return (long) FIRST.getOpaque(this);
    }

    void push(Strand strand, Members group) {
        @Nullable Object[] array = youngest;
        int at = used;
        if (at == array.length) {
            array = grow(group);
            at = used;
        }
        ELEMENT.setRelease(array, at, strand);
        used = at + 1;
        if (first == 0) {
            FIRST.setOpaque(this, strand.thread().threadId());
        }
    }

    private @Nullable Object[] grow(Members group) {
        @Nullable Object[] full = youngest;
        older += full.length - 1;
        return older > 2 * group.live() + SLACK ? purge() : begin(full, 2 * full.length);
    }

    private @Nullable Object[] begin(@Nullable Object @Nullable [] behind, int length) {
        @Nullable Object[] fresh = new Object[Math.min(length, MOST)];
        fresh[OLDER] = behind;
        used = OLDER + 1;
        YOUNGEST.setRelease(this, fresh);
        return fresh;
    }

    private @Nullable Object[] purge() {
        List<Strand> live = new ArrayList<>();
        forEach(live::add);
        @Nullable Object[] kept = null;
        int at = MOST;
        for (Strand strand : live.reversed()) {
            if (at == MOST) {
                @Nullable Object[] next = new Object[MOST];
                next[OLDER] = kept;
                kept = next;
                at = OLDER + 1;
            }
            kept[at++] = strand;
        }
        older = live.size();
        return begin(kept, kept == null ? LEAST : MOST);
    }

    /** Those that have not ended, the youngest first. */
    void forEach(Consumer<? super Strand> action) {
        @Nullable Object[] array = (@Nullable Object[]) YOUNGEST.getAcquire(this);
        while (array != null) {
            for (int i = array.length - 1; i > OLDER; i--) {
                Strand strand = (Strand) ELEMENT.getAcquire(array, i);
                if (strand != null && !strand.ended()) {
                    action.accept(strand);
                }
            }
            array = (@Nullable Object[]) array[OLDER];
        }
    }
}
