package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The handshake of a task that says when it is ready. */
class StartTest {

    @ParameterizedTest
    @EnumSource
    @Conformance({"ST01", "ST16"})
    void startReturnsTheTaskAndWhatItIsReadyWithAndTheTaskGoesOn(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                TaskGroup.run(group -> {
                    Thread caller = Thread.currentThread();
                    CountDownLatch mayGoOn = new CountDownLatch(1);
                    Started<Integer> started =
                            group.start(
                                    "service",
                                    ready -> {
                                        Blocked.await(caller);
                                        events.add("ready");
                                        ready.with(7);
                                        Blocked.await(mayGoOn);
                                        events.add("went on");
                                    });
                    events.add("started");
                    assertThat(started.value()).isEqualTo(7);
                    assertThat(started.task().state()).isEqualTo(Task.State.RUNNING);
                    assertThat(started.task().name()).endsWith("service");
                    mayGoOn.countDown();
                    assertThat(started.task().join()).isInstanceOf(Outcome.Succeeded.class);
                }));
        assertThat(events).containsExactly("ready", "started", "went on");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("ST15")
    void theTaskBelongsToItsGroupAlsoBeforeItIsReady(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    List<Object> seen = new CopyOnWriteArrayList<>();
                    Started<Integer> started =
                            group.start(
                                    "service",
                                    ready -> {
                                        Task<?> self = Task.current().orElseThrow();
                                        seen.add(self.group());
                                        seen.addAll(group.tasks());
                                        ready.with(7);
                                        Blocked.forEver();
                                    });
                    assertThat(seen).containsExactly(group, started.task());
                    assertThat(started.task().group()).isSameAs(group);
                    assertThat(group.tasks()).containsExactly(started.task());
                    group.cancel();
                }));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("ST02")
    void aBodyThatFailsBeforeItIsReadyFailsTheStartAndNotTheGroup(Kind kind) throws Exception {
        IOException problem = new IOException("port in use");
        kind.run(() -> {
            int value =
                    TaskGroup.call(group -> {
                        assertThatThrownBy(() ->
                                        group.start(
                                                "service",
                                                _ -> {
                                                    throw problem;
                                                }))
                                .isInstanceOf(TaskFailedException.class)
                                .hasCause(problem);
                        assertThat(group.reason()).isEmpty();
                        return group.fork(() -> 3).await();
                    });
            assertThat(value).isEqualTo(3);
        });
    }

    @Test
    @Conformance("ST03")
    void aBodyThatReturnsWithoutHavingBeenReadyIsAUsageErrorOfTheStart() throws Exception {
        TaskGroup.run(group ->
                assertThatThrownBy(() -> group.start("service", _ -> {}))
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("without having said that it is ready"));
    }

    @Test
    @Conformance("ST04")
    void beingReadyTwiceIsAUsageErrorInTheTask() {
        assertThatThrownBy(() ->
                        TaskGroup.run(group ->
                                group.start(
                                        "service",
                                        (Ready<? super Integer> ready) -> {
                                            ready.with(1);
                                            ready.with(2);
                                        })))
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has said already that it is ready");
    }

    @Test
    @Conformance("ST04")
    void beingReadyAfterTheEndOfTheBodyIsAUsageError() throws Exception {
        AtomicReference<Ready<? super Integer>> kept = new AtomicReference<>();
        TaskGroup.run(group ->
                assertThatThrownBy(() ->
                                group.start(
                                        "service",
                                        (Ready<? super Integer> ready) -> kept.set(ready)))
                        .isExactlyInstanceOf(IllegalStateException.class));
        assertThatThrownBy(() -> kept.get().with(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    @Conformance("ST05")
    void aFailureAfterItWasReadyIsTheGroups() {
        IOException problem = new IOException("later");
        CountDownLatch mayFail = new CountDownLatch(1);
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.start(
                                    "service",
                                    ready -> {
                                        ready.with(null);
                                        Blocked.await(mayFail);
                                        throw problem;
                                    });
                            mayFail.countDown();
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(problem);
    }

    @Test
    @Conformance("ST05")
    void aFailureRightAfterItWasReadyIsTheGroupsAndTheStartReturns() {
        for (int i = 0; i < 2_000; i++) {
            IOException problem = new IOException("at once");
            List<Object> events = new CopyOnWriteArrayList<>();
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                try {
                                    events.add(
                                            group.<Integer>start(
                                                            "service",
                                                            ready -> {
                                                                ready.with(1);
                                                                throw problem;
                                                            })
                                                    .value());
                                } catch (CancelledException e) {
                                    events.add(1); // told before it looked
                                    throw e;
                                }
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
            assertThat(events).containsExactly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("ST08")
    void aCallerThatIsCancelledBeforeCancelsTheTaskAndWaitsForIt(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        CountDownLatch mayEnd = new CountDownLatch(1);
        kind.run(() ->
                TaskGroup.run(group -> {
                    Thread caller = Thread.currentThread();
                    CountDownLatch started = new CountDownLatch(1);
                    Outcome<?> outcome =
                            CancelScope.run(scope -> {
                                group.fork(() -> {
                                    Blocked.await(started);
                                    Blocked.await(caller);
                                    scope.cancel("own");
                                });
                                try {
                                    group.start(
                                            "service",
                                            _ -> {
                                                try {
                                                    started.countDown();
                                                    Blocked.forEver();
                                                } finally {
                                                    Blocked.await(caller);
                                                    events.add("cleaned up");
                                                }
                                            });
                                } finally {
                                    events.add("start left");
                                }
                            });
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Cancelled.class,
                                    c -> assertThat(c.reason().message()).isEqualTo("own"));
                    assertThat(group.reason()).isEmpty();
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                }));
        assertThat(events).containsExactly("cleaned up", "start left");
    }

    @Test
    @Conformance("ST08")
    void aCallerThatIsInterruptedByAStrangerCancelsTheTaskAndThrows() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("service");
        CompletableFuture<Throwable> left = new CompletableFuture<>();
        Thread caller =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                group.start(
                                        "task",
                                        _ -> {
                                            started.countDown();
                                            Blocked.forEver();
                                        });
                                left.complete(null);
                            } catch (Throwable e) {
                                left.complete(e);
                            }
                        });
        Blocked.await(started);
        caller.interrupt();
        assertThat(left.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(group.tasks()).isEmpty();
        group.close();
    }

    @Test
    @Conformance("ST09")
    void whoIsReadyAfterTheStartWasCancelledStaysUnderItAndItsFailureLeavesIt() throws Exception {
        IOException problem = new IOException("late");
        TaskGroup.run(group -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        assertThatThrownBy(() ->
                                        group.<Integer>start(
                                                "service",
                                                ready -> {
                                                    try {
                                                        Blocked.forEver();
                                                    } catch (InterruptedException e) {
                                                        ready.with(1);
                                                        throw problem;
                                                    }
                                                }))
                                .isInstanceOf(TaskFailedException.class)
                                .hasCause(problem);
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            assertThat(group.reason()).isEmpty();
        });
    }

    @Test
    @Conformance("ST10")
    void aTaskThatIsReadyAndEndsUnderACancelledStartLetsItReturn() throws Exception {
        TaskGroup.run(group -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        Started<Integer> started =
                                group.start(
                                        "service",
                                        ready -> {
                                            ready.with(4);
                                        });
                        assertThat(started.value()).isEqualTo(4);
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    @Conformance("ST11")
    void aGroupThatIsCancelledRightAfterItWasReadyCancelsTheTaskAndItsOwnTasks() throws Exception {
        AtomicReference<Task<?>> child = new AtomicReference<>();
        TaskGroup.run(group -> {
            Started<Task<?>> started =
                    group.start(
                            "service",
                            ready ->
                                    TaskGroup.run(inner -> {
                                        ready.with(inner.fork(() -> Blocked.forEver()));
                                        group.cancel();
                                        Blocked.forEver();
                                    }));
            child.set(started.value());
            Outcome<?> outcome = CancelScope.shield(() -> started.task().join());
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(child.get().outcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Conformance("ST11")
    void aGroupThatIsCancelledRoundThatMomentLeavesNeitherTheTaskNorItsTasksRunning()
            throws Exception {
        for (int i = 0; i < 500; i++) {
            AtomicReference<Task<?>> task = new AtomicReference<>();
            AtomicReference<Task<?>> child = new AtomicReference<>();
            CountDownLatch aboutToBeReady = new CountDownLatch(1);
            ServiceGroup group = ServiceGroup.open("service");
            ServiceBody<Integer> body =
                    ready -> {
                        task.set(Task.current().orElseThrow());
                        TaskGroup.run(inner -> {
                            child.set(inner.fork(() -> Blocked.forEver()));
                            aboutToBeReady.countDown();
                            ready.with(1);
                            Blocked.forEver();
                        });
                    };
            TaskGroup.run(outside -> {
                outside.fork(() -> {
                    try {
                        assertThat(group.start("task", body).value()).isEqualTo(1);
                    } catch (TaskCancelledException e) {
                        assertThat(e.task()).containsSame(task.get()); // before it was ready
                    }
                });
                Blocked.await(aboutToBeReady);
                group.cancel();
                assertThat(task.get().join()).isInstanceOf(Outcome.Cancelled.class);
                assertThat(child.get().outcome().orElseThrow())
                        .isInstanceOf(Outcome.Cancelled.class);
            });
            group.close();
        }
    }

    @Test
    @Conformance("ST12")
    void aGroupThatIsCancelledMeanwhileEndsThePendingStart() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        TaskGroup.run(outside -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> starter =
                    outside.fork(() ->
                            assertThatThrownBy(() ->
                                            group.start(
                                                    "task",
                                                    _ -> {
                                                        started.countDown();
                                                        Blocked.forEver();
                                                    }))
                                    .isInstanceOfSatisfying(
                                            TaskCancelledException.class,
                                            e ->
                                                    assertThat(e.reason().message())
                                                            .isEqualTo("stop")));
            Blocked.await(started);
            group.cancel("stop");
            assertThat(starter.join()).isInstanceOf(Outcome.Succeeded.class);
        });
        group.close();
    }

    @Test
    @Conformance("ST13")
    void intoACancelledBlockTheTaskStartsAndStopsAtItsFirstWait() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            group.cancel();
            try {
                group.start(
                        "service",
                        _ -> {
                            events.add("began");
                            Blocked.forEver();
                        });
            } finally {
                events.add("left");
            }
        });
        assertThat(events).containsExactly("began", "left");
    }

    @Test
    @Conformance("ST14")
    void aSiblingsFailureInAnInnerGroupEndsAStartInTheOuterOne() throws Exception {
        IOException problem = new IOException("sibling");
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(outer -> {
            CountDownLatch started = new CountDownLatch(1);
            assertThatThrownBy(() ->
                            TaskGroup.run(inner -> {
                                inner.fork(() -> {
                                    Blocked.await(started);
                                    throw problem;
                                });
                                outer.start(
                                        "service",
                                        _ -> {
                                            try {
                                                started.countDown();
                                                Blocked.forEver();
                                            } finally {
                                                events.add("cleaned up");
                                            }
                                        });
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
            events.add("outer goes on");
            CancelScope.checkpoint();
        });
        assertThat(events).containsExactly("cleaned up", "outer goes on");
    }

    @Test
    @Conformance({"SH17", "ST08"})
    void aTaskInAShieldIsProtectedUntilItLeavesItAlsoFromACancelledStart() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        ServiceGroup others = ServiceGroup.open("others");
        TaskGroup.run(group -> {
            CountDownLatch inShield = new CountDownLatch(1);
            CountDownLatch mayLeave = new CountDownLatch(1);
            AtomicReference<Task<?>> service = new AtomicReference<>();
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        group.fork(() -> {
                            Blocked.await(inShield);
                            scope.cancel();
                            Blocked.until(() -> service.get().state() == Task.State.CANCELLING);
                            Deliveries.await(others);
                            mayLeave.countDown();
                        });
                        group.start(
                                "service",
                                _ -> {
                                    service.set(Task.current().orElseThrow());
                                    CancelScope.shield(() -> {
                                        inShield.countDown();
                                        Blocked.await(mayLeave);
                                        events.add("shielded work done");
                                    });
                                    CancelScope.sleep(java.time.Duration.ofDays(1));
                                    events.add("went on");
                                });
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        others.close();
        assertThat(events).containsExactly("shielded work done");
    }

    @Test
    @Conformance("AC20")
    void aTaskThatWaitsForItsStarterIsRefused() throws Exception {
        TaskGroup.run(group -> {
            CompletableFuture<Task<?>> self = new CompletableFuture<>();
            Task<?> starter =
                    group.fork(() -> {
                        Task<?> me = self.get(30, TimeUnit.SECONDS);
                        assertThatThrownBy(() -> group.start("service", _ -> me.join()))
                                .isInstanceOf(RuntimeException.class)
                                .satisfiesAnyOf(
                                        e -> assertThat(e).isInstanceOf(WaitCycleException.class),
                                        e ->
                                                assertThat(e)
                                                        .hasCauseInstanceOf(
                                                                WaitCycleException.class));
                    });
            self.complete(starter);
            assertThat(starter.join()).isInstanceOf(Outcome.Succeeded.class);
        });
    }

    @Test
    void startIntoAClosedGroupIsRefusedAndNothingRuns() {
        ServiceGroup group = ServiceGroup.open("service");
        group.close();
        assertThatThrownBy(() -> group.<Integer>start("task", r -> r.with(1)))
                .isInstanceOf(GroupClosedException.class);
    }
}
