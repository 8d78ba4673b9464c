package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.internal.time.Nanos;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A block is entered without a fence, so that a canceller may miss it: it has marked what is around
 * and found nothing inside. Each step after that which can take a cancellation takes it.
 */
@Timeout(60)
@Conformance("CU16")
class BlockEntryTest {
    private final TestGroup group = new TestGroup();
    private Strand strand;
    private ScopeNode outer;
    private BlockNode block;

    private interface Steps {
        void run() throws Exception;
    }

    /** In the outer scope and the block. JUnit must not see what is pending in between. */
    private void inBlock(Steps steps) throws Exception {
        boolean stray;
        strand = Strand.currentOrNew(); // JUnit may have made the test on another thread
        outer = new ScopeNode(strand.top(), 0);
        block = new BlockNode(outer, group);
        strand.enter(outer);
        strand.enter(block);
        try {
            steps.run();
        } finally {
            strand.hold(block, Shape.NOTHING);
            group.close();
            strand.release();
            strand.leave(block, Shape.NOTHING);
            strand.leave(outer, Shape.NOTHING);
            strand.dropIfIdle();
            stray = Thread.interrupted();
        }
        assertThat(stray).as("stray interrupt").isFalse();
    }

    private void cancelMissingTheBlock() {
        outer.raise(Objects.requireNonNull(outer.ask("reason", false)));
        assertThat(block.mark()).isNull();
    }

    private boolean isMarked() {
        return block.mark() == outer.own();
    }

    private Strand child() {
        return Strand.ofTask(new Thread(() -> {}), block, new TestGroup(), false);
    }

    @Test
    void theCancellerFindsThatItsThreadIsToBeTold() throws Exception {
        inBlock(() -> {
            cancelMissingTheBlock();

            assertThat(strand.wanted(false)).isEqualTo(outer.own());
        });
    }

    @Test
    void aForkOfTheOwnersMarksTheBlockAndItsTasks() throws Exception {
        inBlock(() -> {
            Strand child = child();
            group.add(child, group.countUp(false));
            cancelMissingTheBlock();

            block.forked();

            assertThat(isMarked()).isTrue();
            assertThat(child.mark()).isEqualTo(outer.own());
            assertThat(block.fresh).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            group.countDown(false);
        });
    }

    @Test
    void aForkOfAnothersMarksThemTooAndTheOwnerLooksForItself() throws Exception {
        inBlock(() -> {
            Strand child = child();
            cancelMissingTheBlock();

            CountDownLatch done = new CountDownLatch(1);
            Thread.ofPlatform()
                    .start(() -> {
                        group.add(child, group.countUp(false));
                        block.forked();
                        done.countDown();
                    });
            Blocked.uninterruptibly(done); // its owner, this thread, is told meanwhile

            assertThat(isMarked()).isTrue();
            assertThat(child.mark()).isEqualTo(outer.own());
            assertThat(block.fresh).isTrue();
            group.countDown(false);
        });
    }

    @Test
    void aCheckpointTellsIt() throws Exception {
        inBlock(() -> {
            cancelMissingTheBlock();

            assertThat(strand.checkpoint()).isEqualTo(outer.own());
        });
    }

    @Test
    void aCheckpointForWhatWasNotToldTellsIt() throws Exception {
        inBlock(() -> {
            cancelMissingTheBlock();

            assertThat(strand.checkpointOnce()).isEqualTo(outer.own());
        });
    }

    @Test
    void aWaitIsEndedByIt() throws Exception {
        inBlock(() -> {
            cancelMissingTheBlock();

            assertThat(strand.await(new TestGroup(), Nanos.NEVER)).isEqualTo(Wake.CANCELLED);
        });
    }

    @Test
    void aHeldWaitTellsItAfterwards() throws Exception {
        inBlock(() -> {
            cancelMissingTheBlock();

            Wake wake =
                    strand.awaitHeld(
                            List.of(new TestGroup()),
                            Nanos.fromNow(Duration.ofMillis(1)),
                            () -> {});

            assertThat(wake).isEqualTo(Wake.CANCELLED);
        });
    }

    @Test
    void aScopeInsideIsMarked() throws Exception {
        inBlock(() -> {
            ScopeNode inner = new ScopeNode(block, 0);
            cancelMissingTheBlock();

            strand.enter(inner);

            assertThat(isMarked()).isTrue();
            assertThat(inner.mark()).isEqualTo(outer.own());
            strand.leave(inner, Shape.NOTHING);
        });
    }

    @Test
    void aBlockInsideIsMarked() throws Exception {
        inBlock(() -> {
            TestGroup innerGroup = new TestGroup();
            BlockNode inner = new BlockNode(block, innerGroup);
            cancelMissingTheBlock();

            strand.enter(inner);

            assertThat(isMarked()).isTrue();
            assertThat(inner.mark()).isEqualTo(outer.own());
            strand.hold(inner, Shape.NOTHING);
            innerGroup.close();
            strand.release();
            strand.leave(inner, Shape.NOTHING);
        });
    }

    @Test
    void aHookThatIsAddedActs() throws Exception {
        inBlock(() -> {
            CountDownLatch acted = new CountDownLatch(1);
            cancelMissingTheBlock();

            ScopeHook hook = strand.addHook(block, false, acted::countDown);

            Blocked.uninterruptibly(acted); // it may have been interrupted as well
            hook.remove();
        });
    }

    @Test
    void aHookAroundTheBlockActs() throws Exception {
        inBlock(() -> {
            CountDownLatch acted = new CountDownLatch(1);
            ScopeHook hook = strand.addHook(outer, false, acted::countDown);
            block.fresh = true; // as if it had been there before the block was entered
            cancelMissingTheBlock();

            hook.trigger();

            Blocked.uninterruptibly(acted); // it may have been interrupted as well
            hook.remove();
        });
    }

    @Test
    void theEndOfTheBodyMarksTheBlockAndItsTasks() throws Exception {
        inBlock(() -> {
            Strand child = child();
            group.add(child, group.countUp(false));
            cancelMissingTheBlock();

            strand.holdSoon(block);
            group.close();
            strand.held(block, Shape.NOTHING);

            assertThat(isMarked()).isTrue();
            assertThat(child.mark()).isEqualTo(outer.own());
            group.countDown(false);
        });
    }
}
