package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskCancelTest {

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC01", "TC16", "TC18", "JV02"})
    void cancelEndsAWaitRunsFinalizersAndLaterCancelsHaveNoEffect(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    CountDownLatch started = new CountDownLatch(1);
                    CountDownLatch cleaned = new CountDownLatch(1);
                    Task<?> task =
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    cleaned.countDown();
                                }
                            });
                    Blocked.await(started);

                    assertThat(task.cancel("enough")).isTrue();
                    Outcome<?> outcome = task.join();

                    assertThat(cleaned.getCount()).isZero();
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Cancelled.class,
                                    c -> assertThat(c.reason().message()).isEqualTo("enough"));
                    assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
                    assertThat(task.cancel()).isFalse();
                }));
    }

    @Test
    @Conformance({"TC02", "TC03", "JV01"})
    void taskCancelledBeforeItsFirstInstructionStartsWithTheCancellationPending() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch mayStart = new CountDownLatch(1);
        TaskGroup.run(
                config ->
                        config.withThreadFactory(body ->
                                Thread.ofPlatform()
                                        .unstarted(() -> {
                                            Blocked.uninterruptibly(mayStart);
                                            body.run();
                                        })),
                group -> {
                    Task<?> task =
                            group.fork(() -> {
                                ran.incrementAndGet();
                                Thread.sleep(60_000);
                                ran.incrementAndGet();
                            });
                    task.cancel("early");
                    mayStart.countDown();

                    assertThat(task.join())
                            .isInstanceOfSatisfying(
                                    Outcome.Cancelled.class,
                                    c -> assertThat(c.reason().message()).isEqualTo("early"));
                });
        assertThat(ran).hasValue(1);
    }

    @Test
    @Conformance({"TC04", "UC01"})
    void cancelOfAnEndedTaskIsFalseAndChangesNothing() throws Exception {
        TaskGroup.run(group -> {
            Task<Integer> task = group.fork(() -> 7);
            task.join();

            assertThat(task.cancel()).isFalse();
            assertThat(task.cancelling()).isZero();
            assertThat(task.absorbed()).isFalse();
            assertThat(task.await()).isEqualTo(7);
        });
    }

    @Test
    @Conformance({"TC05", "TC17"})
    void twoRequestsBeforeDeliveryAreOneSignalAndBothCounted() throws Exception {
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch mayBlock = new CountDownLatch(1);
        AtomicInteger signals = new AtomicInteger();
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() ->
                            CancelScope.shield(() -> {
                                computing.countDown();
                                Blocked.await(mayBlock);
                            }));
            Task<?> counter =
                    group.fork(() -> {
                        CancelScope.shield(() -> Blocked.await(mayBlock));
                        for (int i = 0; i < 2; i++) {
                            try {
                                Thread.sleep(i == 0 ? 60_000 : 50);
                            } catch (InterruptedException e) {
                                signals.incrementAndGet();
                            }
                        }
                    });
            Blocked.await(computing);
            counter.cancel("first");
            counter.cancel("second");
            assertThat(counter.cancelling()).isEqualTo(2);
            mayBlock.countDown();
            counter.join();
            task.join();

            assertThat(signals).hasValue(1);
            assertThat(counter.absorbed()).isTrue();
        });
    }

    @Test
    @Conformance({"TC07", "TC12", "LK06"})
    void aValueAfterARequestIsASuccessAndSaysAbsorbed() throws Exception {
        TaskGroup.run(group -> {
            Task<Integer> catching =
                    group.fork(() -> {
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            // goes on
                        }
                        return 1;
                    });
            Task<Boolean> self = group.fork(() -> Task.current().orElseThrow().cancel());

            assertThat(catching.cancelAndJoin().get()).isEqualTo(1);
            assertThat(catching.absorbed()).isTrue();
            assertThat(self.await()).isTrue();
            assertThat(self.absorbed()).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC08", "JV18", "CL15"})
    void managedWaitsThrowAgainAndJdkCallsProceedAfterASwallowedSignal(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        for (int i = 0; i < 3; i++) {
                            try {
                                CancelScope.sleep(Duration.ofDays(1));
                            } catch (CancelledException e) {
                                events.add("again");
                            }
                        }
                        Thread.sleep(1);
                        events.add("slept");
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("again", "again", "again", "slept");
    }

    @Test
    @Conformance({"TC09", "AC13"})
    void anErrorWhileStoppingIsAFailureWithTheRequestNoted() throws Exception {
        IllegalStateException problem = new IllegalStateException("clean-up");
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    Task<?> task =
                            group.fork(() -> {
                                try {
                                    Blocked.forEver();
                                } finally {
                                    throwing(problem);
                                }
                            });
                    assertThat(task.cancelAndJoin())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f -> assertThat(f.exception()).isSameAs(problem));
                });
        assertThat(problem.getSuppressed()).hasExactlyElementsOfTypes(CancelledException.class);
    }

    private static void throwing(RuntimeException e) {
        throw e;
    }

    @Test
    @Conformance({"TC10", "TG12", "JV15"})
    void anInterruptionThatNobodyAskedForIsAFailure() {
        assertThatThrownBy(() ->
                        TaskGroup.run(group ->
                                group.fork(() -> {
                                    throw new InterruptedException();
                                })))
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    @Conformance("TC11")
    void aTaskThatCancelsItselfIsStoppedAtItsNextBlockingCall() throws Exception {
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() -> {
                        Task.current().orElseThrow().cancel("me");
                        Thread.sleep(60_000);
                    });
            assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    @Conformance({"TC21", "TC22", "JV08"})
    void cancellingAWaiterLeavesTheTargetAndOtherWaitersAlone() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<Integer> target =
                    group.fork(() -> {
                        Blocked.await(release);
                        return 5;
                    });
            Task<Integer> a = group.fork(() -> target.await());
            Task<Integer> c = group.fork(() -> target.await());
            assertThat(a.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(target.state()).isEqualTo(Task.State.RUNNING);
            release.countDown();

            assertThat(c.await()).isEqualTo(5);
            assertThat(target.await()).isEqualTo(5);
        });
    }

    @Test
    @Conformance({"TC23", "TG13", "AC30", "TC19"})
    void awaitingACancelledTaskIsAnotherExceptionThanBeingCancelled() throws Exception {
        TaskGroup.run(group -> {
            Task<?> target = group.fork(() -> Blocked.forEver());
            target.cancel("by a third");

            assertThatThrownBy(target::await)
                    .isInstanceOf(TaskCancelledException.class)
                    .isNotInstanceOf(InterruptedException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            CancelScope.checkpoint();
        });
    }

    @Test
    @Conformance("TC24")
    void theWaitersOwnCancellationWinsOverItsTargets() throws Exception {
        for (int i = 0; i < 300; i++) {
            AtomicReference<Throwable> seen = new AtomicReference<>();
            TaskGroup.run(group -> {
                Task<?> target = group.fork(() -> CancelScope.sleep(Duration.ofDays(1)));
                Task<?> waiter =
                        group.fork(() -> {
                            try {
                                target.await();
                            } catch (Throwable e) {
                                seen.set(e);
                                throw e;
                            }
                        });
                group.cancel();
                target.join();
                waiter.join();
            });
            assertThat(seen.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    @Conformance({"TC34", "TC35"})
    void aComputingLoopIsStoppedByItsCheckpoint() throws Exception {
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() -> {
                        while (true) {
                            CancelScope.checkpoint();
                        }
                    });
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    @Conformance({"UC01", "UC02"})
    void uncancelToZeroDropsTheSignalAndTheReason() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<Integer> task =
                    group.fork(() -> {
                        Task<?> self = Task.current().orElseThrow();
                        started.countDown();
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            assertThat(self.uncancel()).isZero();
                        }
                        CancelScope.checkpoint();
                        Thread.sleep(1);
                        return 3;
                    });
            Blocked.await(started);
            task.cancel();

            assertThat(task.await()).isEqualTo(3);
            assertThat(task.absorbed()).isFalse();
            assertThatThrownBy(task::uncancel).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    @Conformance({"UC11", "UC06"})
    void groupsAndScopesNeverCount() throws Exception {
        TaskGroup.run(group -> {
            Task<Integer> task =
                    group.fork(() -> {
                        Task<?> self = Task.current().orElseThrow();
                        TaskGroup.run(inner -> inner.cancel());
                        var unused = CancelScope.run(scope -> scope.cancel());
                        CancelScope.checkpoint();
                        return self.cancelling();
                    });
            assertThat(task.await()).isZero();
        });
    }

    @Test
    void listenersAreToldInOrderOffTheCallersThreadAndMayThrow() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        CountDownLatch late = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        CountDownLatch release = new CountDownLatch(1);
        try (var _ =
                dev.curfew.internal.report.Reports.capture((id, _, _) -> events.add("" + id))) {
            TaskGroup.run(group -> {
                Task<Integer> task =
                        group.fork(() -> {
                            Blocked.await(release);
                            return 1;
                        });
                task.onEnd(o -> events.add("first " + o.get()));
                task.onEnd(_ -> {
                    throw new IllegalStateException("listener");
                });
                task.onEnd(_ -> events.add("third"));
                release.countDown();
                task.join();
            });
        }
        assertThat(events).containsExactly("first 1", "LISTENER_FAILED", "third");
        Task<Integer> ended = ExceptionsTest.task("ended");
        ended.onEnd(_ -> {
            assertThat(Thread.currentThread()).isNotSameAs(caller);
            late.countDown();
        });
        Blocked.await(late);
    }

    @Test
    @Conformance({"TC25", "JV06"})
    void theFutureCompletesOnlyWhenTheTaskHasEnded() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<Integer> task =
                    group.fork(() -> {
                        started.countDown();
                        try {
                            Blocked.forEver();
                        } finally {
                            Blocked.uninterruptibly(mayEnd);
                        }
                        return 1;
                    });
            Blocked.await(started);
            var future = task.toCompletableFuture();
            assertThat(future.cancel(true)).isTrue();
            assertThat(future).isNotDone();
            mayEnd.countDown();
            assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
            assertThat(task.outcome()).isPresent();
        });
    }
}
