package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A request is withdrawn in a block that it had reached, while a task of the block which was told
 * of it looks whether it is cancelled, as it does at its end: it is at any time.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "cancelled throughout")
@State
public class UncancelAgainstChild {
    private final Bare.Group group = new Bare.Group();
    private final Strand parent = Bare.strand(new ScopeNode(null, 0));
    private final BlockNode block = new BlockNode(parent.root(), group);
    private final Strand child;

    {
        parent.enter(block);
        child = Bare.strand(block);
        group.link(child);
        Cancelling.cancel(parent.root(), "request", true, false);
    }

    @Actor
    public void withdraw() {
        Cancelling.withdraw(parent);
    }

    @Actor
    public void end(ZZ_Result r) {
        r.r1 = child.root().inForce() != null;
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r2 = child.root().inForce() != null;
    }
}
