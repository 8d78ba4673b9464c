package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a block, step by step, and a cancellation of what is around it. */
@Timeout(60)
class BlockEndTest {
    /** The steps of one block, on the thread that runs the test. */
    private static final class Steps {
        private final Strand strand = Strand.currentOrNew();
        private final ScopeNode outer = new ScopeNode(strand.top(), 0);
        private final TestGroup group = new TestGroup();
        private final BlockNode block = new BlockNode(outer, group);

        void enter() {
            strand.enter(outer);
            strand.enter(block);
            assertThat(group.countUp(false)).isEqualTo(Members.Entry.ADMITTED);
        }

        void hold() {
            strand.holdSoon(block);
            group.close();
            strand.held(block, Shape.NOTHING);
        }

        void lastTaskEnds() {
            group.countDown(false);
        }

        void leave() {
            strand.release();
            strand.leave(block, Shape.NOTHING);
        }

        boolean leaveOuter() {
            strand.leave(outer, Shape.NOTHING);
            strand.dropIfIdle();
            return Thread.interrupted();
        }
    }

    /** Within the outer scope and the block, with one task in it; leaves the outer scope. */
    private static void inBlock(Consumer<Steps> body) {
        Steps steps = new Steps();
        boolean stray;
        steps.enter();
        try {
            body.accept(steps);
        } finally {
            stray = steps.leaveOuter();
        }
        assertThat(stray).isFalse();
    }

    private static boolean cancelFromAnotherThread(Node node) {
        boolean[] counted = new boolean[1];
        Thread canceller =
                new Thread(() ->
                        counted[0] =
                                Cancelling.cancel(
                                                node, "reason", false, false, Cancelling.By.CALLER)
                                        != null);
        canceller.start();
        while (canceller.isAlive()) {
            Thread.onSpinWait(); // a join would consume the interrupt status
        }
        return counted[0];
    }

    @Test
    @Conformance("TG17")
    void whatComesWhileTheEndIsAwaitedIsToldWhenTheBlockIsLeft() {
        inBlock(block -> {
            block.hold();
            assertThat(cancelFromAnotherThread(block.outer)).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();

            block.lastTaskEnds();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            block.leave();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
    }

    @Test
    @Conformance("TG17")
    void whatComesAfterTheLastTaskHasEndedIsToldAtOnce() {
        inBlock(block -> {
            block.hold();
            block.lastTaskEnds();
            assertThat(cancelFromAnotherThread(block.outer)).isTrue();

            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            assertThat(block.strand.awaitMembers(block.group, false)).isFalse();
            block.leave();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
    }

    @Test
    @Conformance("TC32")
    void aBlockWhoseBodyHasEndedIsToldOfNothingForItself() {
        inBlock(block -> {
            block.hold();
            assertThat(cancelFromAnotherThread(block.block)).isTrue();
            block.lastTaskEnds();
            block.leave();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    @Conformance("TC01")
    void whoAsksABlockToStopWhoseTasksHaveEndedIsToldSo() {
        inBlock(block -> {
            block.hold();
            block.lastTaskEnds();
            assertThat(cancelFromAnotherThread(block.block)).isFalse();
            block.leave();
            assertThat(block.block.sealed()).isTrue();
            assertThat(block.block.own()).isNull();
        });
    }
}
