package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures, cancellations and shields that meet. */
@Timeout(60)
class CollisionsTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    private static Object failing(Exception e) throws Exception {
        throw e;
    }

    // ---- failures ------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance("TG20")
    void aTaskThatFailsWhileTheBodyHandlesACancellationIsTold(Kind kind) throws Exception {
        IOException problem = new IOException("task");
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        CountDownLatch handling = new CountDownLatch(1);
                        assertThatThrownBy(() ->
                                        TaskGroup.run(group -> {
                                            Task<?> task =
                                                    group.fork(() -> {
                                                        Blocked.uninterruptibly(handling);
                                                        return failing(problem);
                                                    });
                                            scope.cancel();
                                            try {
                                                Blocked.forEver();
                                            } finally {
                                                handling.countDown();
                                                Blocked.until(() -> task.outcome().isPresent());
                                            }
                                        }))
                                .isInstanceOf(TaskFailedException.class)
                                .hasCause(problem);
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG23")
    void tasksThatForkTasksForEverAreStoppedByTheFailureOfOne(Kind kind) throws Exception {
        IOException problem = new IOException("the fiftieth");
        AtomicInteger bodies = new AtomicInteger();
        kind.run(() ->
                assertThatThrownBy(() ->
                                TaskGroup.run(group -> {
                                    group.fork(() -> forkOn(group, bodies, problem));
                                    group.fork(() -> forkOn(group, bodies, problem));
                                }))
                        .isInstanceOfSatisfying(
                                TaskFailedException.class,
                                e -> assertThat(e.failures()).containsExactly(problem)));
        assertThat(bodies).hasValueGreaterThanOrEqualTo(50);
    }

    private static void forkOn(TaskGroup group, AtomicInteger bodies, Exception problem)
            throws Exception {
        if (bodies.incrementAndGet() == 50) {
            throw problem;
        }
        group.fork(() -> forkOn(group, bodies, problem));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"UC06", "UC11"})
    void aBodyThatSwallowsWhatItsGroupTellsItHasTheFailureThrownAtTheEnd(Kind kind)
            throws Exception {
        IOException problem = new IOException("task");
        AtomicInteger ranOn = new AtomicInteger();
        kind.run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.fork(() -> failing(problem));
                                try {
                                    Blocked.forEver();
                                } catch (InterruptedException swallowed) {
                                    ranOn.incrementAndGet();
                                }
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
            Task.current().ifPresent(self -> assertThat(self.cancelling()).isZero());
            CancelScope.sleep(Duration.ofNanos(1));
            Thread.sleep(1);
        });
        assertThat(ranOn).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("UC07")
    void ofAnInnerAndAnOuterFailureTheHandledInnerOneLeavesTheOuterBlockCancelled(Kind kind)
            throws Exception {
        IOException innerProblem = new IOException("inner");
        IOException outerProblem = new IOException("outer");
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(outer -> {
                                outer.fork(() -> failing(outerProblem));
                                try {
                                    TaskGroup.run(inner -> {
                                        inner.fork(() -> failing(innerProblem));
                                        Blocked.until(() -> inner.reason().isPresent());
                                        Blocked.until(() -> outer.reason().isPresent());
                                    });
                                } catch (TaskFailedException e) {
                                    events.add(e.getCause().getMessage());
                                }
                                try {
                                    CancelScope.sleep(Duration.ofDays(1));
                                } catch (CancelledException e) {
                                    events.add("told " + e.reason().kind());
                                    throw e;
                                }
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(outerProblem);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Task.current().ifPresent(self -> assertThat(self.cancelling()).isZero());
            CancelScope.checkpoint();
        });
        assertThat(events).containsExactly("inner", "told SIBLING_FAILED");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TO35")
    void aFailureInTheCleanUpAfterATimeoutLeavesWithTheTimeoutNotedInIt(Kind kind)
            throws Exception {
        kind.run(() -> {
            IOException problem = new IOException("clean-up");
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    SHORT,
                                    () ->
                                            TaskGroup.run(group ->
                                                    group.fork(() -> {
                                                        try {
                                                            Blocked.forEver();
                                                        } finally {
                                                            failing(problem);
                                                        }
                                                    }))))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
            assertThat(problem.getSuppressed())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            CancelledException.class,
                            e ->
                                    assertThat(e.reason().kind())
                                            .isEqualTo(CancelReason.Kind.TIMED_OUT));
        });
    }

    // ---- scopes --------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance({"NG08", "UC17"})
    void anInnerScopeThatIsCancelledTooDoesNotAbsorbWhatIsTheOuterOnes(Kind kind) throws Exception {
        for (boolean innerFirst : new boolean[] {true, false}) {
            AtomicInteger goneOn = new AtomicInteger();
            kind.run(() -> {
                Outcome<?> outcome =
                        CancelScope.run(outer -> {
                            var unused =
                                    CancelScope.run(inner -> {
                                        if (innerFirst) {
                                            inner.cancel("inner");
                                        }
                                        outer.cancel("outer");
                                        inner.cancel("inner");
                                        Thread.sleep(60_000);
                                    });
                            goneOn.incrementAndGet();
                        });
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> assertThat(c.reason().message()).isEqualTo("outer"));
                Task.current().ifPresent(self -> assertThat(self.cancelling()).isZero());
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                CancelScope.checkpoint();
            });
            assertThat(goneOn).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NG13")
    void afterATimedOutInnerScopeACancellationThatMeetsNoWaitLeavesNothingBehind(Kind kind)
            throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outer -> {
                        assertThatThrownBy(() ->
                                        CancelScope.withTimeout(SHORT, () -> Blocked.forEver()))
                                .isInstanceOf(DeadlineExceededException.class);
                        outer.cancel();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
            Thread.sleep(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"SH06", "SH18", "UC18"})
    void blocksAndScopesInsideAShieldAreProtectedAndTheirStateSaysSo(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        events.add("before " + CancelScope.current().isCancelled());
                        CancelScope.shield(() -> {
                            TaskGroup.run(group -> group.fork(() -> Thread.sleep(1)));
                            Outcome<?> inner =
                                    CancelScope.run(s -> {
                                        events.add("inside " + s.isCancelled());
                                        Thread.sleep(1);
                                        CancelScope.checkpoint();
                                    });
                            events.add(inner.getClass().getSimpleName());
                        });
                        events.add("after " + CancelScope.current().isCancelled());
                        Thread.sleep(60_000);
                        events.add("went on");
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events)
                .containsExactly("before true", "inside false", "Succeeded", "after true");
    }
}
