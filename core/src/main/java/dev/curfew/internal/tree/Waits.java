package dev.curfew.internal.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Refuses waits that would never end: for oneself, or for what waits for oneself, directly or round
 * a cycle, the ends of blocks included.
 *
 * <p>Only strands of tasks can be part of a cycle, since only tasks can be waited for; a thread
 * that tells its task's end counts as that task, since the task's group waits for it. All their
 * waits are entered under one lock, and looked for backwards: from the one who is about to wait to
 * those who wait for it. That is a handful of steps, where the members of what it waits for may be
 * 100,000.
 *
 * <p>The end of a block is entered by a flag, not under the lock, and searched for only while there
 * is any other wait: the flag (that the group is closing) is written before {@code entered} is
 * read, and a wait is counted in {@code entered} before its search reads the flag. Both are
 * volatile; one of the two sees the other.
 */
public final class Waits {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile int entered;

    private Waits() {}

    /** Enters a wait, unless it closes a cycle: then what it returns is not empty. */
    static List<String> enlist(
            Strand strand, List<? extends Ending> targets, List<Ending.Waiter> into, boolean held) {
        Strand known = Telling.taskOf(strand);
        if (known == null || targets.isEmpty()) {
            targets.forEach(t -> into.add(t.enlist(strand.thread(), known, held)));
            return List.of();
        }
        LOCK.lock();
        try {
            entered = entered + 1;
            List<String> cycle = search(known, targets, held);
            if (cycle.isEmpty()) {
                targets.forEach(t -> into.add(t.enlist(strand.thread(), known, held)));
            } else {
                entered = entered - 1;
            }
            return cycle;
        } finally {
            LOCK.unlock();
        }
    }

    static void delist(List<? extends Ending> targets, List<Ending.Waiter> waiters) {
        boolean counted = false;
        for (int i = 0; i < waiters.size(); i++) {
            counted |= waiters.get(i).strand != null;
            targets.get(i).delist(waiters.get(i));
        }
        if (counted) {
            LOCK.lock();
            try {
                entered = entered - 1;
            } finally {
                LOCK.unlock();
            }
        }
    }

    /**
     * Whether there is any wait that the end of a block, flagged already, might close a cycle with.
     */
    public static boolean any() {
        return entered != 0;
    }

    /**
     * What the end of {@code owner}'s innermost block, flagged already, would wait for for ever.
     * The block is to be cancelled then; a wait that this does not end is given up. Where it is
     * being cancelled already, only such a wait makes a cycle.
     */
    public static List<String> atEnd(Strand owner, Members block) {
        if (entered == 0 || block.ended()) {
            return List.of();
        }
        Strand known = Telling.taskOf(owner);
        if (known == null) {
            return List.of();
        }
        LOCK.lock();
        try {
            Cycle cycle = find(known, List.of(block), false);
            if (cycle == null) {
                return List.of();
            }
            boolean cancelled = owner.top().mark() != null;
            boolean opened = cycle.open();
            return cancelled && !opened ? List.of() : cycle.names();
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * @param held the wait is not cut short by a cancellation: the owner of an open block counts as
     *     waiting for its tasks, since it will
     */
    private static List<String> search(Strand from, List<? extends Ending> targets, boolean held) {
        Cycle cycle = find(from, targets, held);
        return cycle == null ? List.of() : cycle.names();
    }

    private static @Nullable Cycle find(Strand from, List<? extends Ending> targets, boolean held) {
        Map<Strand, Strand> cameFrom = new IdentityHashMap<>();
        ArrayDeque<Strand> open = new ArrayDeque<>();
        cameFrom.put(from, from);
        open.add(from);
        while (!open.isEmpty()) {
            Strand s = open.remove();
            Members group = group(s);
            for (Ending t : targets) {
                if ((t == s.task() || t == group) && !t.ended()) {
                    return new Cycle(cameFrom, from, s, t);
                }
            }
            Ending task = s.task();
            if (task != null) {
                visitWaiters(task, s, cameFrom, open);
            }
            if (group != null) {
                visitWaiters(group, s, cameFrom, open);
                Strand owner = group.owner();
                Strand known = owner == null ? null : Telling.taskOf(owner);
                if (known != null && (held || group.ownerAtEnd())) {
                    visit(known, s, cameFrom, open);
                }
            }
        }
        return null;
    }

    private static @Nullable Members group(Strand s) {
        Node parent = s.root().parent();
        return parent == null ? null : parent.members();
    }

    private static void visitWaiters(
            Ending ending, Strand s, Map<Strand, Strand> cameFrom, ArrayDeque<Strand> open) {
        for (Ending.Waiter w = ending.waiters(); w != null; w = w.next) {
            if (w.strand != null && w.thread != null) {
                visit(w.strand, s, cameFrom, open);
            }
        }
    }

    private static void visit(
            Strand next, Strand from, Map<Strand, Strand> cameFrom, ArrayDeque<Strand> open) {
        if (cameFrom.putIfAbsent(next, from) == null) {
            open.add(next);
        }
    }

    /**
     * Strands that wait for each other.
     *
     * @param cameFrom for each strand the one that it waits for
     * @param from who would close it
     * @param found the one whose end, or whose group's, {@code from} would wait for
     */
    private record Cycle(Map<Strand, Strand> cameFrom, Strand from, Strand found, Ending target) {

        List<String> names() {
            List<String> names = new ArrayList<>();
            names.add(from.label());
            if (target instanceof Members) {
                names.add(target.label());
            }
            for (Strand s = found; s != from; s = awaited(s)) {
                names.add(s.label());
            }
            return List.copyOf(names);
        }

        private Strand awaited(Strand waiting) {
            return Objects.requireNonNull(cameFrom.get(waiting));
        }

        /**
         * Has the first wait inside given up that a cancellation of the block would not end, since
         * it is in a shield or is not cancellable. The ends of blocks on the way wait themselves.
         *
         * @return whether there was such a wait
         */
        boolean open() {
            boolean shielded = false;
            for (Strand s = found; s != from; s = awaited(s)) {
                shielded |= s.shielded();
                Ending.Waiter wait = wait(s, awaited(s));
                if (wait != null) {
                    boolean givenUp = shielded || wait.held;
                    if (givenUp) {
                        wait.giveUp(names());
                    }
                    return givenUp;
                }
            }
            return false;
        }

        /** The wait of one strand for another's task; null if it waits at the end of a block. */
        private static Ending.@Nullable Waiter wait(Strand waiting, Strand awaited) {
            for (Ending e : new Ending[] {awaited.task(), group(awaited)}) {
                for (Ending.Waiter w = e == null ? null : e.waiters(); w != null; w = w.next) {
                    if (w.strand == waiting && w.thread != null) {
                        return w;
                    }
                }
            }
            return null;
        }
    }
}
