package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.tree.StrandTable;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a service group is shut down step by step, and abandoned. */
class ShutdownTest {
    private static final Duration LONG = Duration.ofDays(1);

    @ParameterizedTest
    @EnumSource
    @Conformance({"TG05", "AC33"})
    void itRefusesNewTasksLetsTheOthersFinishAndSaysSo(Kind kind) throws Exception {
        kind.run(() -> {
            ServiceGroup group = ServiceGroup.open("service");
            CountDownLatch refused = new CountDownLatch(1);
            Task<Integer> task =
                    group.fork(() -> {
                        while (true) {
                            try {
                                group.fork(() -> {});
                                Thread.sleep(1);
                            } catch (GroupClosedException e) {
                                refused.countDown();
                                return 5;
                            }
                        }
                    });
            ShutdownReport report = group.shutdown(LONG, LONG);
            Blocked.await(refused);
            assertThat(task.await()).isEqualTo(5);
            assertThat(report.complete()).isTrue();
            assertThat(report.drained()).isPositive();
            assertThat(report.stopped()).isEmpty();
            assertThat(report.details()).isEmpty();
            assertThat(group.reason().orElseThrow().kind()).isEqualTo(CancelReason.Kind.SHUTDOWN);
        });
    }

    @Test
    @Conformance({"AC34", "LK05", "SH20"})
    void afterTheDrainItCancelsAndAfterThePatienceItNamesWhatIsLeft() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        CountDownLatch started = new CountDownLatch(2);
        Task<?> stops =
                group.fork(
                        "stops",
                        () -> {
                            started.countDown();
                            Blocked.forEver();
                        });
        Task<?> stuck =
                group.fork(
                        "stuck",
                        () -> {
                            started.countDown();
                            lock.lock();
                        });
        Blocked.await(started);
        Task<?> done = group.fork("done", () -> {});
        done.join();

        ShutdownReport report = group.shutdown(Duration.ZERO, Duration.ofMillis(300));

        assertThat(report.complete()).isFalse();
        assertThat(new ArrayList<Task<?>>(report.stopped())).contains(stops);
        assertThat(new ArrayList<Task<?>>(report.left())).containsExactly(stuck);
        assertThat(report.details())
                .contains("task service/stuck")
                .contains("lockInterruptibly()")
                .contains("SHUTDOWN");
        assertThat(report).asString().contains("1 left (service/stuck)");
        assertThat(group.tasks()).hasSize(1);
        assertThat(stuck.state()).isEqualTo(Task.State.CANCELLING);

        lock.unlock();
        assertThat(group.shutdown(LONG, LONG).complete()).isTrue();
        group.close();
    }

    @Test
    void aDrainIsCutShortByACancellationWhichStaysPending() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        Task<?> task = group.fork(() -> Blocked.forEver());
        List<ShutdownReport> reports = new ArrayList<>();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    Thread.startVirtualThread(() -> {
                        while (group.reason().isEmpty()) {
                            Thread.onSpinWait();
                        }
                        scope.cancel();
                    });
                    reports.add(group.shutdown(LONG, LONG));
                    CancelScope.checkpoint();
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(reports.getFirst().stopped()).hasSize(1);
        assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
    }

    @Test
    void aStrangersInterruptCutsTheDrainShortAndIsKept() {
        ServiceGroup group = ServiceGroup.open("service");
        group.fork(() -> Blocked.forEver());
        Thread.currentThread().interrupt();
        ShutdownReport report = group.shutdown(LONG, LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.complete()).isTrue();
    }

    @Test
    @Conformance("AC20")
    void fromOneOfItsOwnTasksItIsRefusedAndNothingIsClosed() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        Task<?> task =
                group.fork(() ->
                        assertThatThrownBy(() -> group.shutdown(LONG, LONG))
                                .isInstanceOf(WaitCycleException.class));
        assertThat(task.join()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(group.fork(() -> 1).await()).isEqualTo(1);
        group.close();
    }

    @Test
    @Conformance("TG45")
    void backgroundTasksServeTheDrain() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        CountDownLatch closing = new CountDownLatch(1);
        List<String> events = new CopyOnWriteArrayList<>();
        Task<?> service =
                group.forkBackground(() -> {
                    try {
                        Blocked.forEver();
                    } finally {
                        events.add("background");
                    }
                });
        group.fork(() -> {
            Blocked.await(closing);
            assertThat(service.state()).isEqualTo(Task.State.RUNNING);
            events.add("task");
        });
        Thread.startVirtualThread(() -> {
            while (group.reason().isEmpty()) {
                Thread.onSpinWait();
            }
            closing.countDown();
        });
        assertThat(group.shutdown(LONG, LONG).complete()).isTrue();
        assertThat(events).containsExactly("task", "background");
    }

    @Test
    void aFailureDuringTheDrainOfAGroupThatStopsForFailuresEndsTheDrain() throws Exception {
        ServiceGroup group =
                ServiceGroup.open(
                        "service",
                        config ->
                                config.withFailurePolicy(FailurePolicy.CANCEL_GROUP)
                                        .withFailureHandler((_, _) -> {}));
        Task<?> sibling = group.fork(() -> Blocked.forEver());
        CountDownLatch mayFail = new CountDownLatch(1);
        group.fork(() -> {
            Blocked.await(mayFail);
            throw new IllegalStateException("while draining");
        });
        Thread.startVirtualThread(() -> {
            while (group.reason().isEmpty()) {
                Thread.onSpinWait();
            }
            mayFail.countDown();
        });
        assertThat(group.shutdown(LONG, LONG).complete()).isTrue();
        assertThat(sibling.outcome().orElseThrow())
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c ->
                                assertThat(c.reason().kind())
                                        .isEqualTo(CancelReason.Kind.SIBLING_FAILED));
    }

    // ---- abandon -------------------------------------------------------------------------------

    @Test
    void anAbandonedTaskIsReportedStaysListedUntilItEndsAndNobodyWaitsForIt() throws Exception {
        List<String> reports = new CopyOnWriteArrayList<>();
        ServiceGroup group = ServiceGroup.open("service");
        Slow slow = new Slow();
        Task<?> task = group.fork("slow", slow);
        Blocked.await(slow.started);
        try (var _ =
                Reports.capture((id, message, _) -> {
                    if (id == Report.GROUP_ABANDONED) {
                        reports.add(message);
                    }
                })) {
            assertThat(group.shutdown(Duration.ZERO, Duration.ofMillis(1)).left()).hasSize(1);
            group.abandon();
            group.close();
            group.join();
        }
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst()).contains("service/slow");
        assertThat(listed(task)).isTrue();
        assertThat(task.outcome()).isEmpty();

        slow.mayEnd.countDown();
        assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
        Blocked.until(() -> !listed(task));
        assertThatThrownBy(() -> group.fork(() -> 1)).isInstanceOf(GroupClosedException.class);
    }

    private static boolean listed(Task<?> task) {
        List<Object> found = new ArrayList<>();
        StrandTable.forEach(strand -> {
            if (strand.task() == task) {
                found.add(task);
            }
        });
        return !found.isEmpty();
    }

    @Test
    void aCloseThatWaitsReturnsWhenTheGroupIsAbandoned() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        Slow slow = new Slow();
        Task<?> task = group.fork(slow);
        Blocked.await(slow.started);
        Thread closer = Thread.ofPlatform().daemon().start(group::close);
        Blocked.await(slow.cleaning);
        try (var _ = Reports.capture((_, _, _) -> {})) {
            group.abandon();
        }
        closer.join(30_000);
        assertThat(closer.isAlive()).isFalse();
        assertThat(task.outcome()).isEmpty();
        slow.mayEnd.countDown();
        task.join();
    }

    @ParameterizedTest
    @EnumSource
    void inTheCleanUpOfACancelledScopeItIsNotToldOnceMore(Kind kind) throws Exception {
        kind.run(() -> {
            ServiceGroup group = ServiceGroup.open("service");
            group.fork(Blocked::forEver);
            AtomicBoolean cutShort = new AtomicBoolean();
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        try {
                            CancelScope.checkpoint();
                        } finally {
                            group.shutdown(LONG, LONG);
                            cutShort.set(isCutShort());
                        }
                    });
            assertThat(cutShort).isFalse();
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    private static boolean isCutShort() {
        try {
            return new Semaphore(0).tryAcquire(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Test
    void anOpenGroupCannotBeAbandoned() {
        ServiceGroup group = ServiceGroup.open("service");
        assertThatThrownBy(group::abandon)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Call shutdown(...) or close() before");
        group.close();
        group.abandon();
    }

    @Test
    @Conformance("CU04")
    void negativeTimesAreRefusedBeforeAnythingIsClosed() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        Duration negative = Duration.ofNanos(-1);
        assertThatThrownBy(() -> group.shutdown(negative, LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("drain");
        assertThatThrownBy(() -> group.shutdown(LONG, negative))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patience");
        assertThat(group.fork(() -> 1).await()).isEqualTo(1);
        group.close();
    }
}
