package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Batch;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a cancellation gets from where it was asked for to everything that it reaches ({@link
 * Spreading}), and from there to the threads; and how one is taken back.
 */
public final class Cancelling {
    /** Who sends the interrupts. */
    public enum By {
        /** The library's own threads: whoever asks is never blocked. */
        DELIVERY,
        /** The thread that asks, since it will wait for what it stops anyway. */
        CALLER,
        /**
         * The thread that asks, at the end of a block that it is in; or the library's own threads,
         * if it does not get there soon. All that is reached is in such a block.
         */
        OWNER;

        By of(Node node) {
            Strand strand = node.strand();
            boolean own = strand != null && strand.thread() == Thread.currentThread();
            return this == DELIVERY && own ? OWNER : this;
        }
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
     * Asks for a cancellation. Never blocks unless the caller sends.
     *
     * <p>Where the heap is full it may be recorded and not have got everywhere. Whoever asks for
     * the same node next, with whatever reason, has it go on.
     *
     * @param counts an explicit request to a task: counted, and can be withdrawn
     * @param again whether a strand that was told before is interrupted once more
     * @param by who sends the interrupts
     * @return the request in force, which is new if it has this very {@code reason}; null if the
     *     node has ended
     * @throws OutOfMemoryError if the heap is full
     */
    public static @Nullable Request cancel(
            Node node, Object reason, boolean counts, boolean again, By by) {
        Request r = node.ask(reason, counts);
        if (r == null) {
            return null;
        }
        if (r.reason() == reason || r.halted()) {
            spread(r, again, by.of(node));
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

    /** Has the request of this very node go on where it was halted. */
    public static void goOn(Node node) {
        Request r = node.own();
        if (r != null && r.halted()) {
            spread(r, false);
        }
    }

    private static void spread(Request request, boolean again, By by) {
        boolean done = false;
        try {
            request.halted(false);
            Batch batch = new Batch();
            try {
                new Spreading(request, batch).spread(again);
            } catch (Throwable e) { // what was marked by then has to be told
                deliver(batch, By.DELIVERY);
                throw e;
            }
            request.sentBy(batch);
            deliver(batch, by);
            done = true;
        } finally {
            if (!done) {
                request.halted(true);
            }
        }
    }

    private static void deliver(Batch batch, By by) {
        switch (by) {
            case DELIVERY -> batch.handOver();
            case CALLER -> Strand.aside(batch::send);
            case OWNER -> batch.leave();
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
