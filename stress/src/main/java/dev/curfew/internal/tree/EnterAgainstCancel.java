package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A scope that is entered while its task is cancelled is marked; a shield is not. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "scope marked, shield not")
@State
public class EnterAgainstCancel {
    private final ScopeNode block = new ScopeNode(null, 0);
    private final Strand strand = Bare.strand(block);
    private final ScopeNode scope = new ScopeNode(strand.root(), 0);
    private final ScopeNode shield = new ScopeNode(scope, Node.SHIELD);

    @Actor
    public void enter() {
        strand.enter(scope);
        strand.enter(shield);
    }

    @Actor
    public void cancel() {
        Cancelling.cancel(strand.root(), "reason", true, false);
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r1 = scope.mark() != null;
        r.r2 = shield.mark() != null;
    }
}
