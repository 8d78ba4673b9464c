package dev.curfew.internal.tree;

import dev.curfew.stress.Meeting;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The owner of a block links a task without an atomic step, while the group is cancelled.
 *
 * <p>The task looks on its forker's thread, right after the compare-and-set of its start: its own
 * thread, which looks later still, would be a third one, and jcstress runs no test with more
 * threads than processors.
 */
abstract class OwnersFork {
    private final Meeting meeting = new Meeting();
    private final Bare.Group group = Bare.Group.ofBlock();
    private final BlockNode block = new BlockNode(null, group);
    private final Strand child = Bare.strand(block);
    private final AtomicBoolean started = new AtomicBoolean();

    final void fork(int earlier, ZZ_Result r) {
        group.own();
        for (int i = 0; i < earlier; i++) {
            group.fork(Bare.strand(block));
        }
        meeting.arrive();
        Meeting.linger(50);
        group.fork(child);
        started.compareAndSet(false, true);
        child.bornInto();
        r.r2 = child.root().mark() != null;
    }

    final void cancelGroup() {
        meeting.arrive();
        Meeting.linger(50);
        Cancelling.cancel(block, "reason", false, false);
    }

    final boolean reached() {
        return child.root().mark() != null;
    }
}
