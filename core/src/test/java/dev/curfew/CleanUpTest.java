package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What code can do once it was told that it is cancelled. */
@Timeout(60)
class CleanUpTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofDays(1);

    private final List<String> events = new CopyOnWriteArrayList<>();

    /** In the clean-up of code that was told. */
    private void cleanUp() throws InterruptedException {
        ServiceGroup others = ServiceGroup.open("others");
        try {
            Task<?> other = others.fork(() -> Blocked.forEver());
            List<ThrowingCallable> waits =
                    List.of(
                            CancelScope::checkpoint,
                            () -> CancelScope.sleep(LONG),
                            other::join,
                            other::await,
                            () -> other.joinWithin(LONG),
                            others::join,
                            () -> Tasks.joinAll(List.of(other)));
            for (ThrowingCallable wait : waits) {
                assertThatThrownBy(wait).isInstanceOf(CancelledException.class);
            }
            assertThat(other.cancelling()).isZero();
            Thread.sleep(1);
            assertThat(new Semaphore(0).tryAcquire(1, TimeUnit.MILLISECONDS)).isFalse();
            CancelScope.shield(() -> {
                Thread.sleep(1);
                CancelScope.sleep(Duration.ofMillis(1));
                CancelScope.checkpoint();
                assertThat(others.fork(() -> 5).await()).isEqualTo(5);
            });
            assertThatThrownBy(() -> CancelScope.withTimeout(SHORT, () -> Blocked.forEver()))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThatThrownBy(CancelScope::checkpoint).isInstanceOf(CancelledException.class);
            events.add("cleaned up");
        } finally {
            others.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"CL01", "CL08"})
    void managedWaitsFailAtOnceAndJdkCallsWorkAndInAShieldBothDo(Kind kind) throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel("outside");
                        try {
                            Blocked.forEver();
                        } finally {
                            cleanUp();
                        }
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("cleaned up");
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance({"CL01", "CL08"})
    void soItIsInTheCleanUpOfACancelledTask(Kind kind) throws Exception {
        TaskGroup.run(
                config ->
                        kind == Kind.PLATFORM
                                ? config.withThreadFactory(Thread.ofPlatform().factory())
                                : config,
                group -> {
                    CountDownLatch started = new CountDownLatch(1);
                    Task<?> task =
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    cleanUp();
                                }
                            });
                    Blocked.await(started);
                    assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                });
        assertThat(events).containsExactly("cleaned up");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("CL02")
    void aShieldsLimitCutsItOffAndTheCancellationGoesOn(Kind kind) throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel("outside");
                        try {
                            Blocked.forEver();
                        } finally {
                            try {
                                CancelScope.shield(
                                        SHORT,
                                        () -> {
                                            events.add("cleaning");
                                            Blocked.forEver();
                                        });
                                events.add("went on");
                            } catch (CancelledException e) {
                                events.add("cut, for " + e.reason().message());
                                throw e;
                            }
                        }
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> {
                                assertThat(c.reason().message()).isEqualTo("outside");
                                assertThat(c.exception().getSuppressed())
                                        .hasExactlyElementsOfTypes(DeadlineExceededException.class);
                            });
        });
        assertThat(events).containsExactly("cleaning", "cut, for outside");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("CL05")
    void anExceptionOnItsWayWhoseCleanUpIsCancelledLeavesWithThatSuppressed(Kind kind)
            throws Exception {
        IOException problem = new IOException("on its way");
        kind.run(() -> {
            assertThatThrownBy(() ->
                            CancelScope.run(scope -> {
                                scope.cancel();
                                try (AutoCloseable _ = () -> CancelScope.sleep(LONG)) {
                                    throw problem;
                                }
                            }))
                    .isSameAs(problem);
            assertThat(problem.getSuppressed())
                    .hasAtLeastOneElementOfType(CancelledException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    @Conformance("CL05")
    void inATaskItIsTheTasksFailure() throws Exception {
        IOException problem = new IOException("on its way");
        TaskGroup.run(group -> {
            Task<?> task =
                    group.forkIsolated(() -> {
                        Task.current().orElseThrow().cancel();
                        try (AutoCloseable _ = () -> CancelScope.sleep(LONG)) {
                            throw problem;
                        }
                    });
            assertThat(task.join())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class, f -> assertThat(f.exception()).isSameAs(problem));
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("CL05")
    void anExceptionOnItsWayOutOfABlockIsNotLostWhenTheBlocksEndIsCancelled(Kind kind)
            throws Exception {
        IOException problem = new IOException("on its way");
        kind.run(() -> {
            Thread body = Thread.currentThread();
            assertThatThrownBy(() ->
                            CancelScope.run(scope ->
                                    TaskGroup.run(group -> {
                                        CountDownLatch started = new CountDownLatch(1);
                                        group.fork(() ->
                                                CancelScope.shield(() -> {
                                                    started.countDown();
                                                    Blocked.untilRefused(group);
                                                    Blocked.await(body);
                                                    scope.cancel();
                                                    events.add("cancelled at its end");
                                                }));
                                        Blocked.await(started);
                                        throw problem;
                                    })))
                    .isSameAs(problem);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        assertThat(events).containsExactly("cancelled at its end");
    }

    @Test
    @Conformance("CL13")
    void theCleanUpOfAnAbandonedTaskRunsAndItsFailureIsReported() throws Exception {
        IllegalStateException problem = new IllegalStateException("in clean-up");
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("service");
        group.fork(() -> {
            try {
                started.countDown();
                Blocked.forEver();
            } finally {
                CancelScope.shield(() -> Blocked.await(mayEnd));
                events.add("cleaned up");
                throwing(problem);
            }
        });
        Blocked.await(started);
        try (var _ =
                Reports.capture((id, _, e) -> {
                    if (id == Report.FAILURE_UNREAD && e != null) {
                        reported.add(e);
                    }
                })) {
            group.shutdown(Duration.ZERO, SHORT);
            group.abandon();
            assertThat(events).isEmpty();
            mayEnd.countDown();
            Blocked.until(() -> !reported.isEmpty());
        }
        assertThat(events).containsExactly("cleaned up");
        assertThat(reported).containsExactly(problem);
    }

    private static void throwing(RuntimeException e) {
        throw e;
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"CL15", "JV18"})
    void aLoopThatCatchesAllAndTriesAgainIsStoppedByItsManagedPause(Kind kind) throws Exception {
        AtomicInteger tries = new AtomicInteger();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        while (true) {
                            try {
                                tries.incrementAndGet();
                                Blocked.forEver();
                            } catch (Exception e) {
                                // tries again after a while
                            }
                            CancelScope.sleep(Duration.ofMillis(1));
                        }
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(tries).hasValue(1);
    }
}
