package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A deadline that is due is moved or expires, and never both. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "moved")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "expired")
@State
public class DeadlineAgainstReschedule {
    private final ScopeNode node = new ScopeNode(null, 0);
    private final Timing due =
            new Timing(System.nanoTime() - 1, null, () -> node.ask("expired", false));
    private final Timing later =
            new Timing(System.nanoTime() + (1L << 60), null, () -> node.ask("expired", false));

    {
        node.timing(null, due);
    }

    @Actor
    public void move(ZZ_Result r) {
        r.r1 = node.timing(due, later);
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
