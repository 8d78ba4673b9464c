package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Batch;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The walk of one cancellation from where it was asked for: along each strand inwards to its top,
 * from each block to the tasks of its group, and no further than a shield.
 *
 * <p>Iterative, since trees are 10,000 deep; and it stops where an outer cancellation has been
 * before, since otherwise the ends of 10,000 nested blocks, each cancelling again, would walk 50
 * million nodes. The tasks of a group are marked as they are found: of 10,000 each is fetched into
 * the cache once for that. Only what lies deeper waits in a queue.
 */
final class Spreading {
    private final Request request;
    private final Batch batch;

    /** Roots of strands that have not been marked. */
    private final ArrayDeque<Node> starts = new ArrayDeque<>();

    /**
     * @param batch takes the interrupts
     */
    Spreading(Request request, Batch batch) {
        this.request = request;
        this.batch = batch;
    }

    /**
     * @param again whether the strand of the request's own node is told once more
     */
    void spread(boolean again) {
        reach(request.origin(), Node.Raised.NOW, again, true);
        while (!starts.isEmpty()) {
            Node start = starts.poll();
            reach(start, start.raise(request), false, true);
        }
    }

    /**
     * @param start where a strand is entered: the request's own node, or a root
     * @param direct whether the tasks of its groups are reached in here
     */
    private void reach(Node start, Node.Raised raised, boolean again, boolean direct) {
        if (raised == Node.Raised.NOT) {
            return;
        }
        boolean groups = mark(start);
        Strand strand = start.strand();
        if (strand != null) {
            strand.marked(again, batch);
            if (raised == Node.Raised.NOW && start == strand.root()) {
                Cancelling.reached(strand, request);
                if (start != request.origin()) {
                    Cancelling.groupReached(start);
                }
            }
        }
        if (groups) {
            intoGroups(start, direct);
        }
    }

    /** Marks all scopes inwards; true if there is a group among them. */
    private boolean mark(Node start) {
        boolean groups = false;
        for (Node n = start; isInside(n); n = n.inner()) {
            n.raise(request);
            groups |= n.members() != null;
        }
        return groups;
    }

    private boolean isInside(@Nullable Node n) {
        return n != null && (n == request.origin() || !n.isShield());
    }

    /** A block that is entered only now has marked itself, and its tasks mark themselves. */
    private void intoGroups(Node start, boolean direct) {
        for (Node n = start; isInside(n); n = n.inner()) {
            Members members = n.members();
            if (members != null && n.raise(request) != Node.Raised.NOT) {
                Node parent = n;
                members.forEach(s -> {
                    Node root = s.root();
                    if (root.parent() != parent || s.background()) {
                        return;
                    }
                    if (direct) {
                        reach(root, root.raise(request), false, false);
                    } else {
                        starts.add(root);
                    }
                });
            }
        }
    }
}
