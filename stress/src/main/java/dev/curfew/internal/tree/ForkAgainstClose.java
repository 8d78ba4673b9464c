package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A fork that was let in finds the group open until it is out again; in the end it has closed. */
@JCStressTest
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "let in, and open while in")
@Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "refused")
@State
public class ForkAgainstClose {
    private final Bare.Group group = new Bare.Group();

    @Actor
    public void fork(ZZZ_Result r) {
        if (group.enter()) {
            r.r1 = true;
            r.r2 = group.ended();
            group.leave();
        }
    }

    @Actor
    public void close() {
        group.close();
    }

    @Arbiter
    public void after(ZZZ_Result r) {
        r.r3 = group.ended() && group.live() == 0;
    }
}
