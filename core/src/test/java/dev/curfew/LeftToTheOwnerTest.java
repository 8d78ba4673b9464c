package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who cancels a scope of its own sends the interrupts at the end of the block that it is in, or the
 * library does if that takes long.
 */
@Timeout(60)
class LeftToTheOwnerTest {
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);

    private void block() throws InterruptedException {
        blocked.countDown();
        try {
            new CountDownLatch(1).await();
        } finally {
            told.countDown();
        }
    }

    @Test
    @Conformance("NG03")
    void tasksAreToldThoughTheirCancellerStaysInItsBody() throws Exception {
        TaskGroup.run(group -> {
            Task<?> task = group.fork(this::block);
            blocked.await();
            group.cancel();
            CancelScope.shield(() -> {
                told.await();
                assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
            });
        });
    }

    @Test
    @Conformance("NG03")
    void tasksAreToldThoughTheCancellerOfTheScopeAroundThemStaysInItsBody() throws Exception {
        var unused =
                CancelScope.run(scope ->
                        TaskGroup.run(group -> {
                            group.fork(this::block);
                            blocked.await();
                            scope.cancel();
                            CancelScope.shield(() -> told.await());
                        }));
    }

    @Test
    @Conformance("NG03")
    void tasksOfAnOuterGroupAreToldWhileAnInnerBlockWaitsForWhatWaitsForThem() throws Exception {
        TaskGroup.run(outer -> {
            outer.fork(this::block);
            blocked.await();
            TaskGroup.run(inner -> {
                CountDownLatch shielded = new CountDownLatch(1);
                inner.fork(() ->
                        CancelScope.shield(() -> {
                            shielded.countDown();
                            told.await();
                        }));
                shielded.await();
                outer.cancel();
            });
        });
        assertThat(told.getCount()).isZero();
    }

    @Test
    @Conformance("NG03")
    void aTaskThatIsCancelledAndAwaitedAfterItsGroupWasCancelledIsTold() throws Exception {
        TaskGroup.run(group -> {
            Task<?> task = group.fork(this::block);
            blocked.await();
            group.cancel();
            CancelScope.shield(
                    () -> assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class));
        });
        assertThat(told.getCount()).isZero();
    }
}
