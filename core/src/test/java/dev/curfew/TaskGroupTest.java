package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskGroupTest {
    private static Object failing(Exception e) throws Exception {
        throw e;
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TG06", "UC06", "UC11", "JV11"})
    void aFailureStopsSiblingsAndTheBlockedBodyThenLeavesOnce(Kind kind) throws Exception {
        IOException problem = new IOException("disk");
        AtomicReference<Task<?>> sibling = new AtomicReference<>();
        kind.run(() -> {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                sibling.set(group.fork(() -> Blocked.forEver()));
                                group.fork(() -> failing(problem));
                                Blocked.forEver();
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem)
                    .hasNoSuppressedExceptions();
            assertThat(sibling.get().state()).isEqualTo(Task.State.CANCELLED);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
        });
    }

    @Test
    void afterABlockThatHadTasksItsOwnThreadCannotForkEither() throws Exception {
        TaskGroup ended =
                TaskGroup.call(group -> {
                    group.fork(() -> 1);
                    return group;
                });
        assertThatThrownBy(() -> ended.fork(() -> 2)).isInstanceOf(GroupClosedException.class);
    }

    @Test
    @Conformance("TG08")
    void aBodysOwnExceptionLeavesAsItselfWithTheFailuresSuppressed() {
        IOException body = new IOException("body");
        IllegalStateException cleanUp = new IllegalStateException("clean-up");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            CountDownLatch started = new CountDownLatch(1);
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    failing(cleanUp);
                                }
                            });
                            Blocked.await(started);
                            throw body;
                        }))
                .isSameAs(body)
                .hasSuppressedException(cleanUp);
    }

    @Test
    @Conformance({"TG09", "TG10", "JV12"})
    void allFailuresAreInTheOneThatLeaves() {
        CountDownLatch started = new CountDownLatch(1);
        IllegalStateException second = new IllegalStateException("in clean-up");
        IOException first = new IOException("first");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    failing(second);
                                }
                            });
                            Blocked.await(started);
                            group.fork(() -> failing(first));
                        }))
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        e -> assertThat(e.failures()).containsExactly(first, second));
    }

    @Test
    @Conformance("TG06")
    void aFailureThatTheBodyGotFromAwaitLeavesOnceAndNeverByLuckAsACancellation() {
        for (int i = 0; i < 300; i++) {
            IOException problem = new IOException("x");
            assertThatThrownBy(() ->
                            TaskGroup.call(group -> group.fork(() -> failing(problem)).await()))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem)
                    .hasNoSuppressedExceptions();
        }
    }

    @Test
    @Conformance({"CU18"})
    void whatTheBodyMakesOfAFailureItHasReadIsSuppressedInIt() {
        for (int i = 0; i < 5_000; i++) {
            IOException problem = new IOException("task");
            IllegalStateException wrapped = new IllegalStateException("body");
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                var unused = group.fork(() -> failing(problem)).join();
                                throw wrapped;
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem)
                    .hasSuppressedException(wrapped);
        }
    }

    @Test
    @Conformance("TG11")
    void aTaskCancelledOnItsOwnFailsNobody() throws Exception {
        int value =
                TaskGroup.call(group -> {
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    Task<Integer> sibling =
                            group.fork(() -> {
                                Blocked.await(mayEnd);
                                return 4;
                            });
                    Task<?> other = group.fork(() -> Blocked.forEver());
                    assertThat(other.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                    assertThat(other.state()).isEqualTo(Task.State.CANCELLED);
                    assertThat(group.reason()).isEmpty();
                    CancelScope.checkpoint();
                    mayEnd.countDown();
                    group.join();
                    return sibling.await();
                });
        assertThat(value).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TG15", "TG16", "JV09", "JV10"})
    void anOwnerCancelledWhileItWaitsCancelsItsTasksOnceAndWaitsToTheEnd(Kind kind)
            throws Exception {
        AtomicInteger signals = new AtomicInteger();
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch cleaning = new CountDownLatch(1);
        List<String> events = new CopyOnWriteArrayList<>();
        ServiceGroup others = ServiceGroup.open("others");
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        try {
                            TaskGroup.run(group -> {
                                CountDownLatch started = new CountDownLatch(1);
                                group.fork(() -> {
                                    started.countDown();
                                    counting(signals, cleaning, mayEnd);
                                    events.add("ended");
                                    CancelScope.checkpoint();
                                });
                                Blocked.await(started);
                                Thread owner = Thread.currentThread();
                                group.fork(() ->
                                        CancelScope.shield(() -> {
                                            Blocked.await(owner);
                                            scope.cancel("first");
                                            Blocked.uninterruptibly(cleaning);
                                            scope.cancel("second");
                                            Deliveries.await(others);
                                            mayEnd.countDown();
                                        }));
                            });
                        } finally {
                            events.add("left");
                        }
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("first"));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        others.close();
        assertThat(events).containsExactly("ended", "left");
        assertThat(signals).hasValue(1);
    }

    private static void counting(AtomicInteger signals, CountDownLatch told, CountDownLatch end)
            throws InterruptedException {
        while (end.getCount() > 0) {
            try {
                Blocked.await(end);
            } catch (InterruptedException e) {
                signals.incrementAndGet();
                told.countDown();
            }
        }
    }

    @Test
    @Conformance({"TG18", "TO35"})
    void aFailureBeatsACollidingCancellationWhichStaysPending() throws Exception {
        IOException problem = new IOException("clean-up");
        AtomicInteger told = new AtomicInteger();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    assertThatThrownBy(() ->
                                    TaskGroup.run(group -> {
                                        group.fork(() -> {
                                            try {
                                                Blocked.forEver();
                                            } finally {
                                                failing(problem);
                                            }
                                        });
                                        scope.cancel();
                                        Blocked.forEver();
                                    }))
                            .isInstanceOf(TaskFailedException.class)
                            .hasCause(problem);
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        told.incrementAndGet();
                        throw e;
                    }
                });
        assertThat(told).hasValue(1);
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Conformance({"TG03", "TG26"})
    void afterItsBlockAGroupRefusesForksAndCancelIsFalse() throws Exception {
        AtomicReference<TaskGroup> escaped = new AtomicReference<>();
        AtomicInteger ran = new AtomicInteger();
        TaskGroup.run(escaped::set);
        assertThatThrownBy(() -> escaped.get().fork(ran::incrementAndGet))
                .isInstanceOf(GroupClosedException.class);
        assertThat(escaped.get().cancel()).isFalse();
        assertThat(escaped.get().reason()).isEmpty();
        assertThat(ran).hasValue(0);
    }

    @Test
    @Conformance({"TG05", "TG23", "JV13"})
    void aCancelledBlockTakesForksWhileItsBodyRunsAndRefusesThemAfterwards() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        List<Task<?>> accepted = new CopyOnWriteArrayList<>();
        AtomicInteger ran = new AtomicInteger();
        TaskGroup.run(group -> {
            CountDownLatch bodyEnded = new CountDownLatch(1);
            group.cancel();
            Task<?> born =
                    group.fork(() -> {
                        events.add("started");
                        Thread.sleep(60_000);
                    });
            CancelScope.shield(() -> events.add(born.join().getClass().getSimpleName()));
            group.fork(() ->
                    CancelScope.shield(() -> {
                        Blocked.await(bodyEnded);
                        while (true) {
                            try {
                                accepted.add(group.fork(() -> ran.incrementAndGet()));
                            } catch (GroupClosedException e) {
                                events.add("refused");
                                throw e;
                            }
                        }
                    }));
            bodyEnded.countDown();
        });
        assertThat(events).containsExactly("started", "Cancelled", "refused");
        assertThat(accepted)
                .hasSize(ran.get())
                .allSatisfy(task -> assertThat(task.outcome()).isPresent());
    }

    @Test
    @Conformance("TG25")
    void cancelledByHandAVoidBlockReturnsAndABlockWithoutItsValueSaysSo() throws Exception {
        TaskGroup.run(group -> {
            group.cancel();
            Blocked.forEver();
        });
        assertThatThrownBy(() ->
                        TaskGroup.call(group -> {
                            group.cancel("why not");
                            Blocked.forEver();
                            return 1;
                        }))
                .isInstanceOfSatisfying(
                        TaskCancelledException.class,
                        e -> assertThat(e.reason().message()).isEqualTo("why not"));
        IOException real = new IOException("real");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            CountDownLatch started = new CountDownLatch(1);
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    failing(real);
                                }
                            });
                            Blocked.await(started);
                            group.cancel();
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(real);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG29")
    void anEmptyBlockInACancelledScopeReturnsAndTheNextWaitThrows(Kind kind) throws Exception {
        List<VoidWork<InterruptedException>> waits =
                List.of(
                        CancelScope::checkpoint,
                        () -> Thread.sleep(60_000),
                        () -> CancelScope.sleep(Duration.ofDays(1)));
        for (VoidWork<InterruptedException> wait : waits) {
            List<String> events = new CopyOnWriteArrayList<>();
            kind.run(() -> {
                Outcome<?> outcome =
                        CancelScope.run(scope -> {
                            scope.cancel();
                            int value = TaskGroup.call(_ -> 3);
                            events.add("returned " + value);
                            TaskGroup.run(_ -> {});
                            events.add("returned");
                            wait.run();
                            events.add("went on");
                        });
                assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            });
            assertThat(events).containsExactly("returned 3", "returned");
        }
    }

    @Test
    @Conformance({"TG17"})
    void aBlockThatHadToWaitAndWasCutMeanwhileThrowsAlthoughItsBodyReturned() throws Exception {
        Outcome<?> outcome =
                CancelScope.call(scope ->
                        TaskGroup.call(group -> {
                            CountDownLatch started = new CountDownLatch(1);
                            group.fork(() -> {
                                started.countDown();
                                try {
                                    Blocked.forEver();
                                } catch (InterruptedException e) {
                                    return 1; // absorbed
                                }
                                return 0;
                            });
                            Blocked.await(started);
                            Thread body = Thread.currentThread();
                            group.fork(() ->
                                    CancelScope.shield(() -> {
                                        Blocked.await(body);
                                        scope.cancel();
                                    }));
                            return 5;
                        }));
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Conformance({"TG30", "TG32", "TG43"})
    void aBlockWaitsForItsTasksAndJoinWaitsForThePresentOnes() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("inherited");
        TaskGroup.run(group -> {
            group.fork(() -> events.add("first " + local.get()));
            group.join();
            events.add("joined");
            group.fork(() -> {
                CancelScope.sleep(Duration.ofMillis(5));
                events.add("second");
            });
        });
        events.add("left");
        assertThat(events).containsExactly("first inherited", "joined", "second", "left");
    }

    @Test
    @Conformance({"TG21"})
    void anErrorIsAFailureLikeAnyOther() {
        AssertionError error = new AssertionError("fatal");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.fork(() -> {
                                throw error;
                            });
                            Blocked.forEver();
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(error);
    }

    @Test
    @Conformance({"TG42", "LK02", "LK03"})
    void aSupervisorReportsWhatNobodyHasReadOnceAndSurvivesItsHandler() throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        List<String> reported = new CopyOnWriteArrayList<>();
        try (var _ =
                dev.curfew.internal.report.Reports.capture((id, _, _) -> reported.add("" + id))) {
            TaskGroup.run(
                    config ->
                            config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                    .withFailureHandler((task, e) -> {
                                        handled.add(e.getMessage());
                                        throw new IllegalStateException("handler");
                                    }),
                    group -> {
                        group.fork(() -> failing(new IOException("unread")));
                        Task<?> read = group.fork(() -> failing(new IOException("read")));
                        assertThat(read.join()).isInstanceOf(Outcome.Failed.class);
                        group.fork(() -> Blocked.forEver()).cancel();
                    });
        }
        assertThat(handled).containsExactly("unread");
        assertThat(reported).containsExactly("HANDLER_FAILED", "FAILURE_UNREAD");
    }

    @Test
    @Conformance({"TG44"})
    void aChildMayCancelItsOwnersTask() throws Exception {
        TaskGroup.run(group -> {
            AtomicReference<Task<?>> owner = new AtomicReference<>();
            CountDownLatch known = new CountDownLatch(1);
            owner.set(
                    group.fork(() -> {
                        Thread waits = Thread.currentThread();
                        TaskGroup.run(inner ->
                                inner.fork(() -> {
                                    Blocked.await(known);
                                    Blocked.await(waits);
                                    owner.get().cancel();
                                    Blocked.forEver();
                                }));
                    }));
            known.countDown();
            assertThat(owner.get().join()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    @Conformance({"NG02", "UC07"})
    void anOuterFailureWhileTheOwnerIsInAnInnerBlockSurfacesAlone() {
        IOException outer = new IOException("outer");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.fork(() -> failing(outer));
                            TaskGroup.run(inner -> {
                                inner.fork(() -> Blocked.forEver());
                                Blocked.forEver();
                            });
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(outer)
                .hasNoSuppressedExceptions();
    }

    @Test
    @Conformance("NG11")
    void tasksOutsideAnOwnersShieldAreCancelledAlthoughTheOwnerIsShielded() throws Exception {
        AtomicBoolean joined = new AtomicBoolean();
        Outcome<?> outcome =
                CancelScope.run(scope ->
                        TaskGroup.run(group -> {
                            Task<?> child = group.fork(() -> Blocked.forEver());
                            CancelScope.shield(() -> {
                                scope.cancel();
                                assertThat(child.join()).isInstanceOf(Outcome.Cancelled.class);
                                joined.set(true);
                            });
                            CancelScope.checkpoint();
                        }));
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(joined).isTrue();
    }

    @Test
    @Conformance("TC31")
    void aTreeTenThousandDeepIsCancelledFromTheTop() throws Exception {
        CountDownLatch bottom = new CountDownLatch(1);
        Outcome<?> outcome =
                CancelScope.run(scope ->
                        TaskGroup.run(group -> {
                            nest(group, 10_000, bottom);
                            Blocked.await(bottom);
                            scope.cancel();
                        }));
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    }

    /** At a cost that grew with the square of the depth this would take minutes. */
    @Test
    @Conformance("TC31")
    void whatTheEndsOfACancelledTreeCostGrowsWithItsDepthAlone() throws Exception {
        CountDownLatch bottom = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<Void> top = group.fork(() -> TaskGroup.run(inner -> nest(inner, 50_000, bottom)));
            Blocked.await(bottom);
            assertThat(top.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    private static void nest(TaskGroup group, int levels, CountDownLatch bottom) {
        group.fork(() -> {
            if (levels == 0) {
                bottom.countDown();
                Blocked.forEver();
            }
            TaskGroup.run(inner -> nest(inner, levels - 1, bottom));
        });
    }

    @Test
    @Conformance("TC31")
    void scopesNestedPastTheStackFailCleanlyAndTheThreadStaysUsable() throws Exception {
        AtomicInteger deepest = new AtomicInteger();
        AtomicInteger live = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> deeper(deepest, live)).isInstanceOf(StackOverflowError.class);
            assertThat(live).hasValue(0);
        }
        assertThat(deepest.get()).isGreaterThan(100);
        assertThat(CancelScope.remaining()).isEmpty();
        assertThatThrownBy(CancelScope::current).isInstanceOf(IllegalStateException.class);
        int value = TaskGroup.call(group -> group.fork(() -> 1).await());
        assertThat(value).isEqualTo(1);
    }

    private static void deeper(AtomicInteger deepest, AtomicInteger live) throws Exception {
        TaskGroup.run(group -> {
            deepest.incrementAndGet();
            if (deepest.get() % 50 == 0) {
                live.incrementAndGet();
                group.fork(() -> {
                    try {
                        Blocked.forEver();
                    } finally {
                        live.decrementAndGet();
                    }
                });
            }
            CancelScope.shield(() -> deeper2(deepest, live));
        });
    }

    private static void deeper2(AtomicInteger deepest, AtomicInteger live)
            throws InterruptedException {
        try {
            deeper(deepest, live);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aGroupAHundredThousandWideIsCancelled() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        TaskGroup.run(group -> {
            for (int i = 0; i < 100_000; i++) {
                group.fork(() -> {
                    try {
                        Blocked.forEver();
                    } finally {
                        ended.incrementAndGet();
                    }
                });
            }
            group.cancel();
        });
        assertThat(ended).hasValue(100_000);
    }

    @Test
    void aThreadFactoryThatFailsLeavesNothingCounted() throws Exception {
        TaskGroup.run(
                config ->
                        config.withThreadFactory(r -> {
                            Thread t = Thread.ofVirtual().unstarted(r);
                            t.start();
                            return t;
                        }),
                group ->
                        assertThatThrownBy(() -> group.fork(() -> 1))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("thread factory"));
        TaskGroup.run(
                config ->
                        config.withThreadFactory(r ->
                                new Thread(r) {
                                    @Override
                                    public void start() {
                                        throw new OutOfMemoryError("no thread");
                                    }
                                }),
                group ->
                        assertThatThrownBy(() -> group.fork(() -> 1))
                                .isInstanceOf(OutOfMemoryError.class));
    }

    @Test
    void aTaskThatAThreadFactoryRunsElsewhereAsWellDoesNothingThere() throws Exception {
        List<Runnable> given = new ArrayList<>();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch elsewhere = new CountDownLatch(1);
        TaskGroup.run(
                config ->
                        config.withThreadFactory(r -> {
                            given.add(r);
                            return Thread.ofVirtual().unstarted(r);
                        }),
                group -> {
                    group.fork(() -> {
                        if (runs.incrementAndGet() == 1) {
                            begun.countDown();
                            elsewhere.await();
                        }
                    });
                    begun.await();
                    given.getFirst().run();
                    elsewhere.countDown();
                });
        assertThat(runs).hasValue(1);
    }

    @Test
    @Conformance({"IN02", "IN13"})
    void namesArePathsInsideAndOutside() throws Exception {
        TaskGroup.run(
                config -> config.withName("import"),
                group -> {
                    Task<String> task =
                            group.fork("fetch", () -> Task.current().orElseThrow().name());
                    assertThat(task.await()).isEqualTo("import/fetch").isEqualTo(task.name());
                });
        assertThat(Task.current()).isEmpty();
    }
}
