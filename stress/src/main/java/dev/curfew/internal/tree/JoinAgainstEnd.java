package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A waiter has seen the end when it looked, or is among those who are woken. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "saw it, too late to be woken")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "saw it, and is woken")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "is woken")
@State
public class JoinAgainstEnd {
    private final Bare.End end = new Bare.End();
    private final Thread waiter = new Thread(() -> {});

    @Actor
    public void join(ZZ_Result r) {
        end.enlist(waiter, null, false);
        r.r1 = end.ended();
    }

    @Actor
    public void end() {
        end.end();
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r2 = end.enlisted();
    }
}
