package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All strands, by thread. It is both the way from a thread to its strand, which is cheaper than a
 * thread-local and costs a parked task no memory, and the strong reference that every live task has
 * (rule 1): a parked virtual thread that nothing refers to is garbage.
 *
 * <p>A strand has a slot to itself: it takes an empty one by a compare-and-set, nobody else changes
 * it then, and it empties it by a release store. Whoever finds the slot of its thread's number
 * taken goes into the chain beside it: that is pushed to with a compare-and-set at its head, and
 * removals from one chain exclude each other by a striped lock. There are chains only where there
 * were more live threads than slots between two numbers, or a thread has put its strand aside.
 */
public final class StrandTable {
    private static final int SLOTS = 1 << 16;
    private static final int STRIPES = 1 << 8;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Strand[].class);
    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(Link[].class);
    private static final @Nullable Strand[] ALONE = new Strand[SLOTS];

    /** Null until a slot has been found taken. */
    private static volatile @Nullable Link @Nullable [] chains;

    private static final class Link {
        final Strand strand;

        /** Changed by whoever holds the lock of the chain. */
        volatile @Nullable Link next;

        Link(Strand strand) {
            this.strand = strand;
        }
    }

    private static final ReentrantLock[] LOCKS = new ReentrantLock[STRIPES];

    static {
        for (int i = 0; i < STRIPES; i++) {
            LOCKS[i] = new ReentrantLock();
        }
    }

    private StrandTable() {}

    private static int slot(Thread thread) {
        return slot(thread.threadId());
    }

    /**
     * Tasks that were forked one after the other run at the same time, and enter themselves: eight
     * of them lie on eight cache lines, the next eight on the same.
     */
    private static int slot(long id) {
        int i = (int) id & (SLOTS - 1);
        return i & -128 | (i & 7) << 4 | i >> 3 & 15;
    }

    private static @Nullable Strand alone(int slot) {
        return (Strand) SLOT.getVolatile(ALONE, slot);
    }

    private static @Nullable Link head(int slot) {
        @Nullable Link[] all = chains;
        return all == null ? null : (Link) HEAD.getVolatile(all, slot);
    }

    private static boolean setHead(int slot, @Nullable Link from, @Nullable Link to) {
        return HEAD.compareAndSet(Objects.requireNonNull(chains), slot, from, to);
    }

    /** The strand of the calling thread, or null; one that was put aside is not looked at. */
    static @Nullable Strand current() {
        Thread thread = Thread.currentThread();
        int slot = slot(thread);
        Strand s = alone(slot);
        if (s != null && s.thread() == thread && !s.isAside()) {
            return s;
        }
        return chains == null ? null : currentInChain(slot, thread);
    }

    private static @Nullable Strand currentInChain(int slot, Thread thread) {
        for (Link l = head(slot); l != null; l = l.next) {
            if (l.strand.thread() == thread && !l.strand.isAside()) {
                return l.strand;
            }
        }
        return null;
    }

    /** The strand of the thread with this number, or null. Slow if its body has not begun. */
    public static @Nullable Strand find(long id) {
        Strand begun = findBegun(id);
        if (begun != null) {
            return begun;
        }
        List<Strand> found = new ArrayList<>(1);
        forEachNotBegun(s -> {
            if (s.thread().threadId() == id) {
                found.add(s);
            }
        });
        return found.isEmpty() ? findBegun(id) : found.getFirst(); // it may have begun meanwhile
    }

    /** Whether the thread with this number runs a strand. */
    static boolean hasBegun(long id) {
        return findBegun(id) != null;
    }

    private static @Nullable Strand findBegun(long id) {
        int slot = slot(id);
        Strand s = alone(slot);
        if (s != null && s.thread().threadId() == id) {
            return s;
        }
        Link l = head(slot);
        while (l != null && l.strand.thread().threadId() != id) {
            l = l.next;
        }
        return l == null ? null : l.strand;
    }

    /** Owner. At least one compare-and-set, also where the slot is taken. */
    static void add(Strand strand) {
        int slot = slot(strand.thread());
        if (!SLOT.compareAndSet(ALONE, slot, null, strand)) {
            addToChain(slot, strand);
        }
    }

    private static void addToChain(int slot, Strand strand) {
        if (chains == null) {
            makeChains();
        }
        Link link = new Link(strand);
        Link head;
        do {
            head = head(slot);
            link.next = head;
        } while (!setHead(slot, head, link));
    }

    private static void makeChains() {
        LOCKS[0].lock();
        try {
            if (chains == null) {
                chains = new Link[SLOTS];
            }
        } finally {
            LOCKS[0].unlock();
        }
    }

    /** Owner. No fence. */
    static void remove(Strand strand) {
        int slot = slot(strand.thread());
        if (SLOT.getOpaque(ALONE, slot) == strand) {
            SLOT.setRelease(ALONE, slot, null);
        } else if (chains != null) {
            removeFromChain(slot, strand);
        }
    }

    private static void removeFromChain(int slot, Strand strand) {
        Link first = head(slot);
        // It is the last as long as it lives, since nothing is pushed behind it.
        if (first != null
                && first.strand == strand
                && first.next == null
                && setHead(slot, first, null)) {
            return;
        }
        ReentrantLock lock = LOCKS[slot & (STRIPES - 1)];
        lock.lock();
        try {
            Link head = head(slot);
            if (head == null || head.strand != strand || !setHead(slot, head, head.next)) {
                unlinkBehindHead(head(slot), strand);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void unlinkBehindHead(@Nullable Link head, Strand strand) {
        for (Link l = head; l != null; l = l.next) {
            Link next = l.next;
            if (next != null && next.strand == strand) {
                l.next = next.next;
                return;
            }
        }
    }

    /**
     * Tasks that were forked and whose bodies have not begun: they enter themselves, and until then
     * only their groups know them. Maybe a few that have begun meanwhile.
     */
    public static void forEachNotBegun(Consumer<? super Strand> action) {
        Consumer<Strand> ifNotBegun =
                s -> {
                    if (!s.begun()) {
                        action.accept(s);
                    }
                };
        forEach(s -> {
            for (Node n = s.top(); n != null && n.strand() == s; n = n.parent()) {
                Members members = n.members();
                if (members != null) {
                    members.forEach(ifNotBegun);
                }
            }
        });
        OpenGroups.forEach(entry -> {
            Members members = entry.members();
            if (members != null) {
                members.forEach(ifNotBegun);
            }
        });
    }

    /** Every strand whose body has begun; those that come and go meanwhile may be missed. */
    public static void forEach(Consumer<? super Strand> action) {
        for (int i = 0; i < SLOTS; i++) {
            Strand alone = alone(i);
            if (alone != null) {
                action.accept(alone);
            }
            for (Link l = head(i); l != null; l = l.next) {
                action.accept(l.strand);
            }
        }
    }
}
