package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskCancelTest {

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC01", "TC16", "TC18"})
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

    /** Where a body comes to a stop first. */
    private enum Stop {
        JDK_CALL(() -> Thread.sleep(60_000)),
        MANAGED_WAIT(() -> CancelScope.sleep(Duration.ofMinutes(1))),
        CHECKPOINT(CancelScope::checkpoint);

        final VoidWork<InterruptedException> work;

        Stop(VoidWork<InterruptedException> work) {
            this.work = work;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC02", "TC03"})
    void taskCancelledBeforeItsFirstInstructionStartsWithTheCancellationPending(Stop stop)
            throws Exception {
        for (Thread.Builder threads : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            List<String> events = new CopyOnWriteArrayList<>();
            CountDownLatch mayStart = new CountDownLatch(1);
            TaskGroup.run(
                    config ->
                            config.withThreadFactory(body ->
                                    threads.unstarted(() -> {
                                        Blocked.uninterruptibly(mayStart);
                                        body.run();
                                    })),
                    group -> {
                        AutoCloseable handed = () -> events.add("closed");
                        Task<?> task =
                                group.fork(() -> {
                                    try (handed) {
                                        events.add("started");
                                        stop.work.run();
                                        events.add("went on");
                                    }
                                });
                        task.cancel("early");
                        mayStart.countDown();

                        assertThat(task.join())
                                .isInstanceOfSatisfying(
                                        Outcome.Cancelled.class,
                                        c -> assertThat(c.reason().message()).isEqualTo("early"));
                    });
            assertThat(events).containsExactly("started", "closed");
        }
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
                        CancelScope.shield(() -> {
                            CancelScope.checkpoint();
                            CancelScope.sleep(Duration.ofNanos(1));
                        });
                        events.add("shielded");
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            CancelScope.checkpoint();
            CancelScope.sleep(Duration.ofNanos(1));
            events.add("left");
        });
        assertThat(events).containsExactly("again", "again", "again", "slept", "shielded", "left");
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
    void aSignalThatNobodyAskedForIsAFailure() throws Exception {
        AtomicReference<CancelledException> stale = new AtomicReference<>();
        CancelScope.run(scope -> {
            scope.cancel("long ago");
            try {
                CancelScope.checkpoint();
            } catch (CancelledException e) {
                stale.set(e);
                throw e;
            }
        });
        for (Exception signal :
                List.of(new InterruptedException(), stale.get(), new CancellationException())) {
            AtomicReference<Task<?>> task = new AtomicReference<>();
            AtomicReference<Task<?>> sibling = new AtomicReference<>();
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                sibling.set(group.fork(() -> Blocked.forEver()));
                                task.set(
                                        group.fork(() -> {
                                            throw signal;
                                        }));
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(signal);
            assertThat(task.get().state()).isEqualTo(Task.State.FAILED);
            assertThat(task.get().cancelling()).isZero();
            assertThat(sibling.get().state()).isEqualTo(Task.State.CANCELLED);
        }
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
    @Conformance({"TC21", "TC22"})
    void cancellingAWaiterLeavesTheTargetAndOtherWaitersAlone() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<Integer> target =
                    group.fork(() -> {
                        Blocked.await(release);
                        return 5;
                    });
            List<Thread> waiters = new CopyOnWriteArrayList<>();
            Callable<Integer> waiting =
                    () -> {
                        waiters.add(Thread.currentThread());
                        return target.await();
                    };
            Task<Integer> a = group.fork(waiting);
            Task<Integer> c = group.fork(waiting);
            Blocked.until(() -> waiters.size() == 2);
            waiters.forEach(Blocked::await);
            assertThat(a.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(target.state()).isEqualTo(Task.State.RUNNING);
            assertThat(c.state()).isEqualTo(Task.State.RUNNING);
            release.countDown();

            assertThat(c.await()).isEqualTo(5);
            assertThat(target.await()).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC23", "TG13", "AC30"})
    void awaitingACancelledTaskIsAnotherExceptionThanBeingCancelled(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    Task<?> target = group.fork(() -> Blocked.forEver());
                    Thread waiter = Thread.currentThread();
                    group.fork(() -> {
                        Blocked.await(waiter);
                        target.cancel("by a third");
                    });

                    assertThatThrownBy(target::await)
                            .isInstanceOf(TaskCancelledException.class)
                            .hasCauseInstanceOf(InterruptedException.class);
                    assertThat(group.reason()).isEmpty();
                    assertThat(CancelScope.current().isCancelled()).isFalse();
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    Task.current()
                            .ifPresent(self -> {
                                assertThat(self.cancelling()).isZero();
                                assertThat(self.state()).isEqualTo(Task.State.RUNNING);
                            });
                    CancelScope.checkpoint();
                    Thread.sleep(1);
                }));
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
    @Conformance("TC34")
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
    @Conformance("UC01")
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

    @Test
    @Conformance("TC25")
    void completingTheFutureOfATaskDoesNothingToTheTask() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<Integer> task =
                    group.fork(() -> {
                        Blocked.await(mayEnd);
                        return 1;
                    });
            task.toCompletableFuture().complete(2);
            task.toCompletableFuture().completeExceptionally(new IllegalStateException());
            task.toCompletableFuture().obtrudeValue(3);
            assertThat(task.outcome()).isEmpty();
            assertThat(task.state()).isEqualTo(Task.State.RUNNING);
            mayEnd.countDown();
            assertThat(task.await()).isEqualTo(1);
            assertThat(task.toCompletableFuture().join()).isEqualTo(1);
        });
    }
}
