package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A task that is linked while its group is cancelled is marked by one side or the other. */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "the cancellation has reached it")
@State
public class ForkAgainstCancel {
    private final Bare.Group group = new Bare.Group();
    private final BlockNode block = new BlockNode(null, group);
    private final Strand child = Bare.strand(block);

    @Actor
    public void fork() {
        group.enter();
        group.link(child);
        child.bornInto();
    }

    @Actor
    public void cancel() {
        Cancelling.cancel(block, "reason", false, false);
    }

    @Arbiter
    public void after(Z_Result r) {
        r.r1 = child.root().mark() != null;
    }
}
