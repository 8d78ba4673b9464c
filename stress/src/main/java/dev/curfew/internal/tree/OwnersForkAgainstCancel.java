package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The first task that the owner of a block forks while the group is cancelled is marked by the
 * canceller, or marks itself at its start, which is a compare-and-set of its forker; r1: the
 * cancellation has reached it, r2: by its start.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "marked by its start")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "marked by the canceller, later")
@State
public class OwnersForkAgainstCancel extends OwnersFork {
    @Actor
    public void fork(ZZ_Result r) {
        fork(0, r);
    }

    @Actor
    public void cancel() {
        cancelGroup();
    }

    @Arbiter
    public void after(ZZ_Result r) {
        r.r1 = reached();
    }
}
