package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.curfew.stress.Meeting;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A block that is entered without a fence while its task is cancelled. Its owner forks next, and
 * looks again after that: block and child are marked, whoever sees whom.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "block and child are marked")
@State
public class BlockEntryAgainstCancel {
    private final Meeting meeting = new Meeting();
    private final ScopeNode outer = new ScopeNode(null, 0);
    private final Strand strand = Bare.strand(outer);
    private final Bare.Group group = Bare.Group.ofBlock();
    private final BlockNode block = new BlockNode(strand.root(), group);
    private final Strand child = Bare.strand(block);
    private final AtomicBoolean started = new AtomicBoolean();

    @Actor
    public void enter() {
        meeting.arrive();
        Meeting.linger(50);
        strand.enter(block);
        group.link(child);
        started.compareAndSet(false, true);
        child.bornInto(); // on its own thread, which may look before its forker does
        block.forked();
    }

    @Actor
    public void cancel() {
        meeting.arrive();
        Meeting.linger(50);
        Cancelling.cancel(strand.root(), "reason", true, false);
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r1 = block.mark() != null;
        r.r2 = child.root().mark() != null;
    }
}
