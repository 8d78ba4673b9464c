package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Batch;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a cancellation gets from where it was asked for to everything that it reaches: along each
 * strand inwards to its top, from each block to the tasks of its group, and no further than a
 * shield.
 *
 * <p>Iterative, since trees are 10,000 deep; and it stops where an outer cancellation has been
 * before, since otherwise the ends of 10,000 nested blocks, each cancelling again, would walk 50
 * million nodes.
 */
public final class Cancelling {
    /** Who sends the interrupts. */
    public enum By {
        /** The library's own threads: whoever asks is never blocked. */
        DELIVERY,
        /** The thread that asks, since it will wait for what it stops anyway. */
        CALLER
    }

    private static volatile @Nullable BiConsumer<Strand, Request> told;

    private Cancelling() {}

    /** Like {@link #cancel(Node, Object, boolean, boolean, By)}, by the library's threads. */
    public static @Nullable Request cancel(
            Node node, Object reason, boolean counts, boolean again) {
        return cancel(node, reason, counts, again, By.DELIVERY);
    }

    /**
     * Has it told, from now on, when a cancellation reaches a task.
     *
     * @param told runs on the canceller's thread; must neither block nor throw
     */
    public static void tell(BiConsumer<Strand, Request> told) {
        Cancelling.told = told;
    }

    static void reached(Strand strand, Request request) {
        BiConsumer<Strand, Request> t = told;
        if (t != null && strand.task() != null) {
            t.accept(strand, request);
        }
    }

    /** After the mark: a group that looks at its tasks when it is told has to find it. */
    static void groupReached(Node root) {
        Node parent = root.parent();
        Members group = parent == null ? null : parent.members();
        if (group != null) {
            group.reached();
        }
    }

    /**
     * Asks for a cancellation. Never throws, and never blocks unless the caller sends.
     *
     * @param counts an explicit request to a task: counted, and can be withdrawn
     * @param again whether a strand that was told before is interrupted once more
     * @param by who sends the interrupts
     * @return the request in force, which is new if it has this very {@code reason}; null if the
     *     node has ended
     */
    public static @Nullable Request cancel(
            Node node, Object reason, boolean counts, boolean again, By by) {
        Request r = node.ask(reason, counts);
        if (r == null) {
            return null;
        }
        if (r.reason() == reason) {
            spread(r, again, by);
        } else if (again) {
            Strand strand = node.strand();
            if (strand != null) {
                Batch batch = new Batch();
                strand.tell(true, batch);
                deliver(batch, by);
            }
        }
        return r;
    }

    static void spread(Request request, boolean again) {
        spread(request, again, By.DELIVERY);
    }

    private static void spread(Request request, boolean again, By by) {
        Batch batch = new Batch();
        try {
            mark(request, again, batch);
        } catch (Throwable e) { // what was marked by then has to be told
            deliver(batch, By.DELIVERY);
            throw e;
        }
        request.sentBy(batch);
        deliver(batch, by);
    }

    private static void deliver(Batch batch, By by) {
        switch (by) {
            case DELIVERY -> batch.handOver();
            case CALLER -> Strand.aside(batch::send);
        }
    }

    private static void mark(Request request, boolean again, Batch batch) {
        Node origin = request.origin();
        ArrayDeque<Node> starts = new ArrayDeque<>();
        starts.add(origin);
        while (!starts.isEmpty()) {
            Node start = starts.poll();
            Node.Raised raised = start == origin ? Node.Raised.NOW : start.raise(request);
            if (raised == Node.Raised.NOT) {
                continue;
            }
            along(start, request, starts);
            Strand strand = start.strand();
            if (strand != null) {
                strand.marked(again && start == origin, batch);
                if (raised == Node.Raised.NOW && start == strand.root()) {
                    reached(strand, request);
                    if (start != origin) {
                        groupReached(start);
                    }
                }
            }
        }
    }

    private static void along(Node start, Request request, ArrayDeque<Node> starts) {
        Node origin = request.origin();
        for (Node n = start; n != null; n = n.inner()) {
            if (n != origin && n.isShield()) {
                return;
            }
            Members members = n.members();
            if (n.raise(request) != Node.Raised.NOT && members != null) {
                Node parent = n;
                members.forEach(s -> {
                    if (s.root().parent() == parent && !s.background()) {
                        starts.add(s.root());
                    }
                });
            }
        }
    }

    /**
     * Owner, of its own task: takes back one explicit request. At zero the request is void, but the
     * blocks that it has reached stay cancelled: before it is void, so that a task of such a block,
     * which may be ending, is cancelled at any time.
     *
     * @return how many are left
     */
    public static int withdraw(Strand strand) {
        Request r = strand.root().own();
        if (r == null) {
            return 0;
        }
        if (r.isLast()) {
            for (Node n = strand.root().inner(); n != null && !n.isShield(); n = n.inner()) {
                if (n.members() != null) {
                    n.askInstead(r);
                }
            }
        }
        if (!r.withdraw()) {
            return r.asks();
        }
        for (Node n = strand.root(); n != null; n = n.inner()) {
            Request own = n.own();
            if (own != null) {
                spread(own, false);
            }
        }
        strand.recall();
        return 0;
    }
}
