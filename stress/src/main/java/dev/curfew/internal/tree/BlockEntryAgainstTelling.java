package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.curfew.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A block that is entered without a fence while its task is cancelled, and nothing after that: the
 * canceller, who may have missed the block, finds that its thread is to be told all the same,
 * unless it has told itself.
 */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "it is to be told, or has been")
@State
public class BlockEntryAgainstTelling {
    private final Meeting meeting = new Meeting();
    private final ScopeNode outer = new ScopeNode(null, 0);
    private final Strand strand = Bare.strand(outer);
    private final BlockNode block = new BlockNode(strand.root(), Bare.Group.ofBlock());

    @Actor
    public void enter() {
        meeting.arrive();
        Meeting.linger(50);
        strand.enter(block);
    }

    @Actor
    public void cancel(Z_Result r) {
        meeting.arrive();
        Meeting.linger(50);
        Request request = strand.root().ask("reason", true);
        for (Node n = strand.root(); request != null && n != null; n = n.inner()) {
            n.raise(request);
        }
        r.r1 = strand.wanted(false) != null || strand.sentCause() != null;
    }
}
