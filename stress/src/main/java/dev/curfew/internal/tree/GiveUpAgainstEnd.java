package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two waiters give up at once: both are out of the list, and a third stays in it. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the third stays, alone")
@State
public class GiveUpAgainstEnd {
    private final Bare.End end = new Bare.End();
    private final Ending.Waiter third = end.enlist(new Thread(() -> {}), null, false);
    private final Ending.Waiter second = end.enlist(new Thread(() -> {}), null, false);
    private final Ending.Waiter first = end.enlist(new Thread(() -> {}), null, false);

    @Actor
    public void one() {
        end.delist(first);
    }

    @Actor
    public void two() {
        end.delist(second);
    }

    @Arbiter
    public void after(ZZ_Result r) {
        for (Ending.Waiter w = end.waiters(); w != null; w = w.next) {
            r.r1 |= w == third;
            r.r2 |= w != third;
        }
    }
}
