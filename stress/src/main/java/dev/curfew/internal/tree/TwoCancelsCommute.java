package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of an inner and an outer cancellation at once, the outer one's mark stands everywhere inside. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the outer mark stands")
@State
public class TwoCancelsCommute {
    private final ScopeNode block = new ScopeNode(null, 0);
    private final Strand strand = Bare.strand(block);
    private final ScopeNode inner = new ScopeNode(strand.root(), 0);
    private final ScopeNode innermost = new ScopeNode(inner, 0);

    {
        strand.enter(inner);
        strand.enter(innermost);
    }

    @Actor
    public void outer() {
        Cancelling.cancel(strand.root(), "outer", true, false);
    }

    @Actor
    public void inner() {
        Cancelling.cancel(inner, "inner", false, false);
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r1 = inner.mark() == strand.root().own();
        r.r2 = innermost.mark() == strand.root().own();
    }
}
