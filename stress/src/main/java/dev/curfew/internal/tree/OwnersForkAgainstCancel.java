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
 * A task that the owner of a block links, without an atomic step, while the group is cancelled is
 * marked by the canceller, or marks itself at its start, which is a compare-and-set of its forker;
 * r1: the cancellation has reached it, r2: by its start.
 *
 * <p>The task looks on its forker's thread, right after that step: its own thread, which looks
 * later still, would be a third one, and jcstress runs no test with more threads than processors.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "marked by its start")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "marked by the canceller, later")
@State
public class OwnersForkAgainstCancel {
    private final Meeting meeting = new Meeting();
    private final Bare.Group group = new Bare.Group();
    private final BlockNode block = new BlockNode(null, group);
    private final Strand child = Bare.strand(block);
    private final AtomicBoolean started = new AtomicBoolean();

    @Actor
    public void fork(ZZ_Result r) {
        group.own();
        meeting.arrive();
        Meeting.linger(50);
        group.fork(child);
        started.compareAndSet(false, true);
        child.bornInto();
        r.r2 = child.root().mark() != null;
    }

    @Actor
    public void cancel() {
        meeting.arrive();
        Meeting.linger(50);
        Cancelling.cancel(block, "reason", false, false);
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r1 = child.root().mark() != null;
    }
}
