package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** One request is withdrawn while another is made: one stands in the end, and its mark with it. */
@JCStressTest
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "one request stands")
@State
public class UncancelAgainstCancel {
    private final ScopeNode block = new ScopeNode(null, 0);
    private final Strand strand = Bare.strand(block);
    private final ScopeNode scope = new ScopeNode(strand.root(), 0);

    {
        strand.enter(scope);
        Cancelling.cancel(strand.root(), "first", true, false);
    }

    @Actor
    public void withdraw() {
        Cancelling.withdraw(strand);
    }

    @Actor
    public void cancel() {
        Cancelling.cancel(strand.root(), "second", true, false);
    }

    @Arbiter
    public void after(IZ_Result r) {
        Request own = strand.root().own();
        r.r1 = own == null ? 0 : own.asks();
        r.r2 = scope.mark() == own;
    }
}
