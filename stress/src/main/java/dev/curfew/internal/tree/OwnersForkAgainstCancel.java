package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A task that the owner of a block links, without an atomic step, while the group is cancelled is
 * marked by the canceller, or marks itself at its start, which is a compare-and-set of its forker.
 */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "the cancellation has reached it")
@State
public class OwnersForkAgainstCancel {
    private final Bare.Group group = new Bare.Group();
    private final ScopeNode block = new ScopeNode(null, 0, group);
    private final Strand child = Bare.strand(block);
    private final AtomicBoolean started = new AtomicBoolean();
    private boolean looked;

    @Actor
    public void fork() {
        group.own();
        group.fork(child);
        started.compareAndSet(false, true);
    }

    @Actor
    public void child() {
        if (started.get()) {
            child.bornInto();
            looked = true;
        }
    }

    @Actor
    public void cancel() {
        Cancelling.cancel(block, "reason", false, false);
    }

    @Arbiter
    public void after(Z_Result r) {
        if (!looked) {
            child.bornInto();
        }
        r.r1 = child.root().mark() != null;
    }
}
