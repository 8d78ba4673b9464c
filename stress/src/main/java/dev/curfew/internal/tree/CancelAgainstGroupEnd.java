package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A block is asked to stop while its group ends; r1: it counts, r2: its owner has seen it. Its seal
 * takes no atomic step.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "in time")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "too late")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "too late, and recorded all the same")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "said to count, and not seen")
@State
public class CancelAgainstGroupEnd {
    private final Bare.Group group = new Bare.Group();
    private final BlockNode node = new BlockNode(Bare.strand(null), group);

    @Actor
    public void cancel(ZZ_Result r) {
        r.r1 = node.ask("reason", false) != null;
    }

    @Actor
    public void end(ZZ_Result r) {
        group.close();
        node.seal();
        r.r2 = node.own() != null;
    }
}
