package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceGroupTest {

    @Test
    @Conformance({"AC33", "TG03"})
    void closeRefusesCancelsWaitsAndKeepsTheCallersInterrupt() {
        ServiceGroup group = ServiceGroup.open("service");
        Task<?> task = group.fork("poller", () -> Blocked.forEver());
        Thread.currentThread().interrupt();
        group.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        assertThat(task.name()).isEqualTo("service/poller");
        group.close();
        assertThatThrownBy(() -> group.fork(() -> 1))
                .isInstanceOf(GroupClosedException.class)
                .hasMessageContaining("closed");
        assertThat(group.reason().orElseThrow().kind()).isEqualTo(CancelReason.Kind.GROUP_CLOSED);
    }

    @Test
    void closeFromInsideItsOwnTaskIsRefusedAndCancelsNothing() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        Task<?> task =
                group.fork(() -> {
                    assertThatThrownBy(group::close).isInstanceOf(WaitCycleException.class);
                    CancelScope.checkpoint();
                    TaskGroup.run(inner ->
                            inner.fork(() ->
                                    assertThatThrownBy(group::close)
                                            .isInstanceOf(WaitCycleException.class)));
                    return group.fork(() -> 1).await();
                });
        assertThat(task.await()).isEqualTo(1);
        group.close();
    }

    @Test
    void closeOfACancelledCallerWaitsAndLeavesTheCancellationPending() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        Task<?> task = group.fork(() -> Blocked.forEver());
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    scope.cancel();
                    group.close();
                    assertThat(task.outcome()).isPresent();
                    Thread.sleep(60_000);
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Conformance("TG26")
    void cancelStopsThePresentTasksAndTheGroupGoesOn() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        Task<?> present = group.fork(() -> Blocked.forEver());
        assertThat(group.cancel("restart")).isTrue();
        assertThat(present.join()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(group.fork(() -> 2).await()).isEqualTo(2);
        group.close();
        assertThat(group.cancel()).isFalse();
    }

    @Test
    void everyFailureGoesToTheHandlerAtOnceAndSiblingsGoOn() throws Exception {
        CountDownLatch handled = new CountDownLatch(1);
        ServiceGroup group =
                ServiceGroup.open(
                        "service",
                        config -> config.withFailureHandler((_, _) -> handled.countDown()));
        Task<?> sibling = group.fork(() -> Blocked.forEver());
        group.fork(() -> {
            throw new IOException("one");
        });
        Blocked.await(handled);
        assertThat(sibling.state()).isEqualTo(Task.State.RUNNING);
        group.close();
    }

    @Test
    void withCancelGroupAForkAfterTheFailureNamesIt() throws Exception {
        IOException problem = new IOException("fatal");
        ServiceGroup group =
                ServiceGroup.open(
                        "service",
                        config ->
                                config.withFailurePolicy(FailurePolicy.CANCEL_GROUP)
                                        .withFailureHandler((_, _) -> {}));
        Task<?> sibling = group.fork(() -> Blocked.forEver());
        group.fork(() -> {
            throw problem;
        });
        assertThat(sibling.join()).isInstanceOf(Outcome.Cancelled.class);
        assertThatThrownBy(() -> group.fork(() -> 1))
                .isInstanceOf(GroupClosedException.class)
                .hasCause(problem);
        assertThatThrownBy(group::join).isInstanceOf(TaskFailedException.class).hasCause(problem);
        group.close();
    }

    @Test
    @Conformance({"TG05", "TG46"})
    void forksThatRaceWithCloseRunWhollyOrThrow() throws Exception {
        for (int round = 0; round < 200; round++) {
            ServiceGroup group = ServiceGroup.open("race");
            AtomicInteger started = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            CountDownLatch ready = new CountDownLatch(2);
            List<Thread> forkers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                forkers.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    ready.countDown();
                                    try {
                                        for (int k = 0; k < 1_000; k++) {
                                            group.fork(() -> {
                                                started.incrementAndGet();
                                                try {
                                                    Thread.sleep(60_000);
                                                } finally {
                                                    ended.incrementAndGet();
                                                }
                                            });
                                            accepted.incrementAndGet();
                                        }
                                    } catch (GroupClosedException e) {
                                        // as it should
                                    }
                                }));
            }
            Blocked.await(ready);
            group.close();
            int endedAtClose = ended.get();
            for (Thread t : forkers) {
                t.join();
            }
            assertThat(accepted.get()).isEqualTo(started.get()).isEqualTo(endedAtClose);
        }
    }

    @Test
    void aMillionShortTasksDoNotMakeItGrow() throws Exception {
        ServiceGroup group = ServiceGroup.open("busy");
        long before = used();
        for (int i = 0; i < 100; i++) {
            for (int k = 0; k < 10_000; k++) {
                group.fork(() -> 1);
            }
            group.join();
        }
        assertThat(used() - before).isLessThan(20_000_000);
        assertThat(group.tasks()).isEmpty();
        group.close();
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @Conformance("LK08")
    void aForgottenGroupIsReportedWithThePlaceWhereItWasOpened() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        try (var _ =
                Reports.capture((id, message, _) -> {
                    if (id == Report.GROUP_FORGOTTEN
                            && message.contains("lost")
                            && message.contains("ServiceGroupTest")) {
                        reported.countDown();
                    }
                })) {
            ServiceGroup.open("lost");
            for (int i = 0; i < 200 && reported.getCount() > 0; i++) {
                System.gc();
                if (reported.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            assertThat(reported.getCount()).isZero();
        }
    }

    @Test
    @Conformance({"LK05", "CL04", "SH20"})
    void whatWillNotStopIsNamedAfterThePatienceAndNothingElseIs() throws Exception {
        List<String> reports = new CopyOnWriteArrayList<>();
        CountDownLatch twice = new CountDownLatch(2);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceGroup group =
                ServiceGroup.open("service", config -> config.withPatience(Duration.ofMillis(30)));
        try (var _ =
                Reports.capture((id, message, _) -> {
                    if (id == Report.CLEANUP_SLOW) {
                        reports.add(message);
                        twice.countDown();
                    }
                })) {
            CountDownLatch started = new CountDownLatch(1);
            group.fork("polite", () -> Blocked.forEver());
            group.fork(
                    "parent",
                    () ->
                            TaskGroup.run(inner ->
                                    inner.fork(
                                            "stuck",
                                            () -> {
                                                started.countDown();
                                                Blocked.uninterruptibly(mayEnd);
                                            })));
            Blocked.await(started);
            Thread closer = Thread.ofPlatform().start(group::close);
            Blocked.await(twice);
            mayEnd.countDown();
            closer.join();
        }
        assertThat(reports.getFirst())
                .contains("service/parent/stuck", "GROUP_CLOSED", "Blocked.uninterruptibly", "JDK ")
                .containsPattern("was asked to stop \\d+\\.\\d s ago")
                .doesNotContain("polite", "service/parent was asked");
    }
}
