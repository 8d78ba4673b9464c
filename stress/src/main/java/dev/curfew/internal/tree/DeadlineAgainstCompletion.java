package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * What the owner sees on leaving is what there is afterwards: nothing expires a scope once left.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "expired")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "left first")
@State
public class DeadlineAgainstCompletion {
    private final ScopeNode node = new ScopeNode(null, 0);

    {
        node.timing(
                null, new Timing(System.nanoTime() - 1, null, () -> node.ask("expired", false)));
    }

    @Actor
    public void leave(ZZ_Result r) {
        node.endTiming();
        node.seal();
        r.r1 = node.own() != null;
    }

    @Actor
    public void timer() {
        node.expireIfDue();
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r2 = node.own() != null;
    }
}
