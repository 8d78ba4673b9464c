package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CancelAndJoinTest {

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC01", "AC35"})
    void returnsOnlyAfterTheTargetsCleanUpAndSeesWhatItWrote(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    Slow slow = new Slow();
                    Task<?> sibling = group.fork(() -> CancelScope.sleep(Duration.ofMillis(1)));
                    Task<?> task = group.fork(slow);
                    Blocked.await(slow.started);
                    group.fork(() -> {
                        Blocked.await(slow.cleaning);
                        slow.mayEnd.countDown();
                    });

                    assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                    assertThat(slow.written()).isEqualTo(42);
                    assertThat(sibling.join()).isInstanceOf(Outcome.Succeeded.class);
                }));
    }

    @Test
    @Conformance("AC02")
    void onAnEndedTaskItReturnsAtOnceEvenToACancelledCaller() throws Exception {
        Task<Integer> task = ExceptionsTest.task("ended");
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    scope.cancel();
                    assertThat(task.cancelAndJoin().get()).isEqualTo(1);
                    assertThat(task.await()).isEqualTo(1);
                });
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC05", "AC06", "AC07", "AC27", "AC12"})
    void aCallerCancelledMeanwhileWaitsToTheEndAndIsToldAfterwards(Kind kind) throws Exception {
        kind.run(() -> {
            Slow slow = new Slow();
            List<String> events = new CopyOnWriteArrayList<>();
            TaskGroup.run(group -> {
                Task<?> target = group.fork(slow);
                Blocked.await(slow.started);
                Task<?> caller =
                        group.fork(() -> {
                            try {
                                target.cancelAndJoin();
                                events.add("returned");
                            } catch (CancelledException e) {
                                events.add("told " + target.outcome().isPresent());
                                throw e;
                            }
                        });
                Blocked.await(slow.cleaning);
                caller.cancel("once");
                caller.cancel("twice");
                assertThat(caller.joinWithin(Duration.ofMillis(20))).isEmpty();
                slow.mayEnd.countDown();

                assertThat(caller.join()).isInstanceOf(Outcome.Cancelled.class);
                assertThat(caller.cancelling()).isEqualTo(2);
            });
            assertThat(events).containsExactly("told true");
            assertThat(slow.signalsInCleanUp).hasValue(0);
        });
    }

    @Test
    @Conformance("AC08")
    void inTheCleanUpOfACallerWhoWasToldItWaitsAndReturns() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            slow.mayEnd.countDown();
            Task<?> target = group.fork(slow);
            Blocked.await(slow.started);
            Task<?> caller =
                    group.fork(() -> {
                        try {
                            Blocked.forEver();
                        } finally {
                            target.cancelAndJoin();
                            events.add("joined");
                            try {
                                CancelScope.checkpoint();
                            } catch (CancelledException e) {
                                events.add("still in force");
                            }
                        }
                    });
            caller.cancel();
            assertThat(caller.join()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("joined", "still in force");
    }

    @Test
    @Conformance({"AC08", "SH01"})
    void insideAShieldItReturnsNormallyToACancelledCaller() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Task<?> target = group.fork(() -> Blocked.forEver());
            var outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        CancelScope.shield(() -> target.cancelAndJoin());
                        events.add("ended " + target.outcome().isPresent());
                        CancelScope.checkpoint();
                        events.add("went on");
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("ended true");
    }

    @Test
    @Conformance({"AC09", "AC10"})
    void twoCallersAndAThirdPartyDisturbNobody() throws Exception {
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            Task<?> target = group.fork(slow);
            Blocked.await(slow.started);
            List<Thread> callers = new CopyOnWriteArrayList<>();
            Callable<Outcome<?>> call =
                    () -> {
                        callers.add(Thread.currentThread());
                        Outcome<?> outcome = target.cancelAndJoin();
                        assertThat(slow.written()).isEqualTo(42);
                        CancelScope.checkpoint();
                        return outcome;
                    };
            Task<Outcome<?>> a = group.fork(call);
            Blocked.until(() -> target.cancelling() == 1);
            Task<Outcome<?>> b = group.fork(call);
            Blocked.until(() -> target.cancelling() == 2);
            callers.forEach(Blocked::await);
            target.cancel("third");
            assertThat(List.of(a, b)).noneMatch(caller -> caller.outcome().isPresent());
            slow.mayEnd.countDown();

            assertThat(a.await()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(b.await()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(target.cancelling()).isEqualTo(3);
        });
    }

    @Test
    @Conformance({"AC11", "AC12"})
    void aTargetThatSwallowsSucceedsAndTheCallersOwnCancellationStillSurfaces() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<Integer> target =
                    group.fork(() -> {
                        started.countDown();
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            // absorbed
                        }
                        return 1;
                    });
            Blocked.await(started);
            Task<?> caller =
                    group.fork(() -> {
                        Task.current().orElseThrow().cancel();
                        target.cancelAndJoin();
                    });
            assertThat(caller.join()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(target.join()).isEqualTo(new Outcome.Succeeded<>(1));
            assertThat(target.absorbed()).isTrue();
        });
    }

    @Test
    @Conformance("AC16")
    void aTargetInAShieldIsWaitedForAndStoppedWhenItLeavesIt() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            AtomicInteger reached = new AtomicInteger();
            Task<?> target =
                    group.fork(() -> {
                        CancelScope.shield(() -> {
                            inside.countDown();
                            Blocked.await(leave);
                            reached.incrementAndGet();
                        });
                        Thread.sleep(60_000);
                        reached.incrementAndGet();
                    });
            Blocked.await(inside);
            AtomicReference<Thread> calling = new AtomicReference<>();
            Task<Outcome<?>> caller =
                    group.fork(() -> {
                        calling.set(Thread.currentThread());
                        return target.cancelAndJoin();
                    });
            Blocked.until(() -> target.cancelling() == 1);
            Blocked.await(calling.get());
            ServiceGroup others = ServiceGroup.open("others");
            Deliveries.await(others);
            others.close();
            assertThat(caller.outcome()).isEmpty();
            leave.countDown();

            assertThat(caller.await()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(reached).hasValue(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC18")
    void aDeadlineAroundItShowsAfterTheTargetHasEnded(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    Slow slow = new Slow();
                    Task<?> target = group.fork(slow);
                    Blocked.await(slow.started);
                    AtomicReference<CancelScope> scope = new AtomicReference<>();
                    group.fork(() -> {
                        Blocked.await(slow.cleaning);
                        while (scope.get() == null || !scope.get().expired()) {
                            CancelScope.sleep(Duration.ofMillis(1));
                        }
                        slow.mayEnd.countDown();
                    });
                    assertThatThrownBy(() ->
                                    CancelScope.withTimeout(
                                            Duration.ofMillis(20),
                                            () -> {
                                                scope.set(CancelScope.current());
                                                target.cancelAndJoin();
                                            }))
                            .isInstanceOf(DeadlineExceededException.class);
                    assertThat(target.outcome()).isPresent();
                    assertThat(slow.signalsInCleanUp).hasValue(0);
                }));
    }

    @Test
    @Conformance({"AC19", "AC34", "LK05"})
    void withPatienceItNamesWhatDoesNotStopAndLeavesItOwned() throws Exception {
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            Task<?> target = group.fork("slow", slow);
            Blocked.await(slow.started);

            assertThatThrownBy(() -> target.cancelAndJoinWithin(Duration.ofMillis(20)))
                    .isInstanceOfSatisfying(
                            UnresponsiveTaskException.class,
                            e -> {
                                assertThat(e.task()).containsSame(target);
                                assertThat(e.stack()).isNotEmpty();
                                assertThat(e.getMessage())
                                        .contains("slow", "REQUESTED", "requested at")
                                        .containsPattern("asked to stop \\d+\\.\\d s ago")
                                        .contains("CancelAndJoinTest", "JDK ");
                            });
            assertThat(target.state()).isEqualTo(Task.State.CANCELLING);
            assertThat(group.tasks()).contains(target);
            slow.mayEnd.countDown();
            assertThat(target.join()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    @Conformance({"AC20", "JV17"})
    void onItselfItIsRefusedAtOnceAndNothingIsRequested() throws Exception {
        TaskGroup.run(group -> {
            Task<Integer> task =
                    group.fork(() -> {
                        Task<?> self = Task.current().orElseThrow();
                        assertThatThrownBy(self::cancelAndJoin)
                                .isInstanceOfSatisfying(
                                        WaitCycleException.class,
                                        e -> assertThat(e.cycle()).hasSize(1));
                        assertThatThrownBy(self::join).isInstanceOf(WaitCycleException.class);
                        return self.cancelling();
                    });
            assertThat(task.await()).isZero();
        });
    }

    @Test
    @Conformance("AC21")
    void onAnAncestorItIsRefusedAndPlainCancelIsAllowed() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        TaskGroup.run(group -> {
            CountDownLatch forked = new CountDownLatch(1);
            AtomicReference<Task<?>> parent = new AtomicReference<>();
            Task<?> p =
                    group.fork(
                            "parent",
                            () ->
                                    TaskGroup.run(inner -> {
                                        inner.fork(
                                                "child",
                                                () -> {
                                                    Blocked.await(forked);
                                                    try {
                                                        parent.get().cancelAndJoin();
                                                    } catch (WaitCycleException e) {
                                                        seen.set(e);
                                                    }
                                                    parent.get().cancel();
                                                    Blocked.forEver();
                                                });
                                        Blocked.forEver();
                                    }));
            parent.set(p);
            forked.countDown();
            assertThat(p.join()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(seen.get())
                .isInstanceOfSatisfying(
                        WaitCycleException.class,
                        e ->
                                assertThat(e.cycle())
                                        .hasSize(2)
                                        .anySatisfy(task -> assertThat(task).endsWith("parent"))
                                        .anySatisfy(task -> assertThat(task).endsWith("child")));
    }

    @Test
    @Conformance({"AC22", "AC23"})
    void mutualWaitsRefuseExactlyTheOneThatWouldCloseTheCycle() throws Exception {
        for (int i = 0; i < 200; i++) {
            AtomicInteger refused = new AtomicInteger();
            AtomicReference<Task<?>> first = new AtomicReference<>();
            AtomicReference<Task<?>> second = new AtomicReference<>();
            CountDownLatch ready = new CountDownLatch(1);
            TaskGroup.run(group -> {
                first.set(group.fork(() -> joining(ready, second, refused)));
                second.set(group.fork(() -> joining(ready, first, refused)));
                ready.countDown();
            });
            assertThat(refused).hasValue(1);
        }
    }

    private static void joining(
            CountDownLatch ready, AtomicReference<Task<?>> other, AtomicInteger refused)
            throws InterruptedException {
        Blocked.await(ready);
        try {
            other.get().join();
        } catch (WaitCycleException e) {
            refused.incrementAndGet();
        }
    }

    @Test
    @Conformance("AC21")
    void theEndOfABlockThatClosesACycleCancelsItsGroupWaitsAndThrows() throws Exception {
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    AtomicReference<Task<?>> parent = new AtomicReference<>();
                    CountDownLatch known = new CountDownLatch(1);
                    CountDownLatch waits = new CountDownLatch(1);
                    AtomicReference<Task<?>> child = new AtomicReference<>();
                    Task<?> p =
                            group.fork(() ->
                                    TaskGroup.run(inner -> {
                                        child.set(
                                                inner.fork(() -> {
                                                    Blocked.await(known);
                                                    waits.countDown();
                                                    parent.get().join();
                                                }));
                                        Blocked.await(waits);
                                    }));
                    parent.set(p);
                    known.countDown();
                    Outcome<?> outcome = p.join();
                    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
                    assertThat(((Outcome.Failed<?>) outcome).exception())
                            .satisfiesAnyOf(
                                    e -> assertThat(e).isInstanceOf(WaitCycleException.class),
                                    e ->
                                            assertThat(e)
                                                    .hasCauseInstanceOf(WaitCycleException.class));
                    assertThat(child.get().outcome()).isPresent();
                });
    }

    @Test
    @Conformance({"AC33", "AC31"})
    void anotherThreadClosesAServiceGroupAndWaitsForCleanUp() throws Exception {
        ServiceGroup service = ServiceGroup.open("service");
        Slow slow = new Slow();
        Task<?> task = service.fork(slow);
        Blocked.await(slow.started);
        Thread closer = Thread.ofPlatform().start(service::close);
        Blocked.await(slow.cleaning);
        assertThat(closer.isAlive()).isTrue();
        slow.mayEnd.countDown();
        closer.join();
        assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
    }
}
