package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Who is told that a request came in time is seen by the end, and who is told "too late" is not.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "in time")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "too late")
@State
public class CancelAgainstCompletion {
    private final ScopeNode node = new ScopeNode(null, 0);

    @Actor
    public void cancel(ZZ_Result r) {
        r.r1 = node.ask("reason", true) != null;
    }

    @Actor
    public void complete(ZZ_Result r) {
        node.seal();
        r.r2 = node.own() != null;
    }
}
