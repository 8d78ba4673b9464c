package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Targets that have ended, are asked by several, or withdraw what they were asked. */
@Timeout(60)
class TargetsTest {
    private static Void failing(Exception e) throws Exception {
        throw e;
    }

    private static void keepGoing(VoidBlock<?> block) throws Exception {
        TaskGroup.run(config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING), block);
    }

    @Test
    @Conformance("AC03")
    void ofATaskThatHasFailedItReturnsTheFailureWhichIsUnreadUntilThen() throws Exception {
        IOException read = new IOException("read");
        IOException unread = new IOException("unread");
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        try (var _ = Reports.capture((_, _, problem) -> reported.add(problem))) {
            keepGoing(group -> {
                Task<?> task = group.fork(() -> failing(read));
                Task<?> other = group.fork(() -> failing(unread));
                Blocked.until(() -> task.state() == Task.State.FAILED);
                Blocked.until(() -> other.state() == Task.State.FAILED);
                var unused =
                        CancelScope.run(scope -> {
                            scope.cancel();
                            assertThat(task.cancelAndJoin())
                                    .isInstanceOfSatisfying(
                                            Outcome.Failed.class,
                                            f -> assertThat(f.exception()).isSameAs(read));
                        });
                assertThat(other.cancel()).isFalse();
            });
        }
        assertThat(reported).containsExactly(unread);
    }

    @Test
    @Conformance("AC09")
    void aThirdPartysRequestDuringTheCleanUpIsTheTargetsAndNotTheCallers() throws Exception {
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            Task<?> target = group.fork(slow);
            Blocked.await(slow.started);
            AtomicReference<Thread> callers = new AtomicReference<>();
            Task<Outcome<?>> caller =
                    group.fork(() -> {
                        callers.set(Thread.currentThread());
                        Outcome<?> outcome = target.cancelAndJoin();
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        CancelScope.checkpoint();
                        return outcome;
                    });
            Blocked.await(slow.cleaning);
            Blocked.await(callers.get()); // its own interrupt has been sent
            assertThat(target.cancel("third")).isTrue();
            assertThat(target.cancelling()).isEqualTo(2);
            Blocked.until(() -> slow.signalsInCleanUp.get() == 1);
            assertThat(caller.outcome()).isEmpty();
            slow.mayEnd.countDown();

            assertThat(caller.await()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(caller.cancelling()).isZero();
        });
    }

    @Test
    @Conformance("UC01")
    void requestsAndWithdrawalsAreCountedAndNeverBelowZero() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch asked = new CountDownLatch(1);
            Task<List<Integer>> task =
                    group.fork(() -> {
                        Task<?> self = Task.current().orElseThrow();
                        started.countDown();
                        Blocked.uninterruptibly(asked);
                        Thread.interrupted();
                        return List.of(
                                self.cancelling(),
                                self.uncancel(),
                                self.uncancel(),
                                self.uncancel(),
                                self.cancelling());
                    });
            Blocked.await(started);
            task.cancel();
            task.cancel();
            asked.countDown();

            assertThat(task.await()).containsExactly(2, 1, 0, 0, 0);
            assertThatThrownBy(task::uncancel).isInstanceOf(IllegalStateException.class);
            assertThat(task.cancelling()).isZero();
            assertThat(task.absorbed()).isFalse();
        });
    }
}
