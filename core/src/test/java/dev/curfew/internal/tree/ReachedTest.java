package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A group that is told of a cancellation finds it in its tasks, or looks in vain and for good. */
class ReachedTest {

    @Test
    void aGroupIsToldOfACancellationOfItsBlockWhenItsTasksAreMarked() {
        Group group = new Group();
        Node outer = new ScopeNode(null, 0);
        BlockNode block = new BlockNode(outer, group);
        Strand task = Strand.ofTask(new Thread(() -> {}), block, new End(), false);
        group.add(task, Members.Entry.ADMITTED);
        outer.link(block);

        Cancelling.cancel(outer, "reason", false, false);

        assertThat(group.markedWhenTold).isNotEmpty().last().isEqualTo(true);
    }

    private static final class Group extends TestGroup {
        final List<Boolean> markedWhenTold = new ArrayList<>();

        @Override
        protected void reached() {
            forEach(s -> markedWhenTold.add(s.root().mark() != null));
        }
    }

    private static final class End extends Ending {
        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public String label() {
            return "end";
        }
    }
}
