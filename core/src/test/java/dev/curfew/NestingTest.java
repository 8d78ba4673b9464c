package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How far a cancellation reaches, and who owns what nobody holds. */
@Timeout(120)
class NestingTest {
    @Test
    @Conformance("NG03")
    void cancellingAnOuterGroupReachesEveryDepthWithItsReason() throws Exception {
        int depth = 6;
        CountDownLatch started = new CountDownLatch((1 << depth) - 1);
        List<String> reasons = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            tree(group, depth, started, reasons);
            Blocked.await(started);
            group.cancel("from the top");
        });
        assertThat(reasons).hasSize((1 << depth) - 1).containsOnly("from the top");
    }

    private static void tree(
            TaskGroup group, int levels, CountDownLatch started, List<String> reasons) {
        group.fork(() ->
                TaskGroup.run(inner -> {
                    if (levels > 1) {
                        tree(inner, levels - 1, started, reasons);
                        tree(inner, levels - 1, started, reasons);
                    }
                    started.countDown();
                    try {
                        CancelScope.sleep(Duration.ofMinutes(10));
                    } catch (CancelledException e) {
                        reasons.add(e.reason().message());
                        throw e;
                    }
                }));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NG09")
    void cancellingAScopeInsideATaskEndsThatStretchAlone(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    AtomicReference<CancelScope> inner = new AtomicReference<>();
                    CountDownLatch inside = new CountDownLatch(1);
                    CountDownLatch left = new CountDownLatch(1);
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    Task<String> task =
                            group.fork(() -> {
                                Outcome<?> stretch =
                                        CancelScope.run(scope -> {
                                            inner.set(scope);
                                            inside.countDown();
                                            Blocked.forEver();
                                        });
                                left.countDown();
                                Blocked.await(mayEnd);
                                return stretch.getClass().getSimpleName();
                            });
                    Task<?> sibling = group.fork(() -> Blocked.await(mayEnd));
                    Blocked.await(inside);
                    inner.get().cancel();
                    Blocked.await(left);
                    assertThat(List.of(task, sibling))
                            .allSatisfy(t -> assertThat(t.state()).isEqualTo(Task.State.RUNNING));
                    CancelScope.checkpoint();
                    mayEnd.countDown();
                    assertThat(task.await()).isEqualTo("Cancelled");
                    sibling.await();
                    assertThat(task.cancelling()).isZero();
                }));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NG04")
    void ofThreeScopesTheOutermostCancelledOneTakesTheSignalAndWhatIsAroundItGoesOn(Kind kind)
            throws Exception {
        for (boolean innerFirst : new boolean[] {true, false}) {
            List<String> events = new CopyOnWriteArrayList<>();
            kind.run(() -> {
                Outcome<?> outcome =
                        CancelScope.run(_ -> {
                            Outcome<?> taken =
                                    CancelScope.run(middle -> {
                                        var unused =
                                                CancelScope.run(inner -> {
                                                    (innerFirst ? inner : middle).cancel("first");
                                                    (innerFirst ? middle : inner).cancel("second");
                                                    Thread.sleep(60_000);
                                                });
                                        events.add("taken by the inner one");
                                    });
                            assertThat(taken).isInstanceOf(Outcome.Cancelled.class);
                            Thread.sleep(1);
                            CancelScope.checkpoint();
                            events.add("went on");
                        });
                assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            });
            assertThat(events).containsExactly("went on");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NG02")
    void anOuterFailureLeavesAfterTheTasksOfTheInnerBlockHaveCleanedUp(Kind kind) throws Exception {
        IOException problem = new IOException("outer");
        Slow slow = new Slow();
        AtomicReference<Task<?>> task = new AtomicReference<>();
        AtomicInteger goneOn = new AtomicInteger();
        AtomicInteger writtenByThen = new AtomicInteger();
        kind.run(() -> {
            CountDownLatch told = new CountDownLatch(1);
            Thread owner = Thread.currentThread();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        Blocked.uninterruptibly(slow.cleaning);
                        Blocked.uninterruptibly(told);
                        Blocked.await(owner); // at the end of the inner block
                        slow.mayEnd.countDown();
                    });
            assertThatThrownBy(() ->
                            TaskGroup.run(outer -> {
                                outer.fork(() -> failingAfter(slow.started, problem));
                                try {
                                    TaskGroup.run(inner -> {
                                        task.set(inner.fork(slow));
                                        try {
                                            Blocked.forEver();
                                        } finally {
                                            told.countDown();
                                        }
                                    });
                                } finally {
                                    writtenByThen.set(slow.written());
                                }
                                goneOn.incrementAndGet();
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem)
                    .hasNoSuppressedExceptions();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
        });
        assertThat(task.get().state()).isEqualTo(Task.State.CANCELLED);
        assertThat(goneOn).hasValue(0);
        assertThat(writtenByThen).hasValue(42);
    }

    private static Object failingAfter(CountDownLatch latch, Exception e) throws Exception {
        Blocked.await(latch);
        throw e;
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NG12")
    void aBlockOpenedInACancelledScopeWorksAndItsTasksBeginCancelled(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel("outside");
                        TaskGroup.run(group -> {
                            Task<?> task =
                                    group.fork(() -> {
                                        events.add("begun");
                                        Blocked.forEver();
                                    });
                            var ended =
                                    CancelScope.shield(
                                            () -> task.joinWithin(Duration.ofSeconds(20)));
                            task.cancel("too late");
                            assertThat(ended)
                                    .hasValueSatisfying(end ->
                                            assertThat(end)
                                                    .isInstanceOfSatisfying(
                                                            Outcome.Cancelled.class,
                                                            c ->
                                                                    assertThat(c.reason().message())
                                                                            .isEqualTo("outside")));
                            events.add("body");
                        });
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("begun", "body");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NG14")
    void ofCancelledBlocksInSequenceEachIsStoppedLikeTheFirst(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            for (int i = 0; i < 3; i++) {
                String round = "round " + i;
                TaskGroup.run(group -> {
                    Task<?> task = group.fork(() -> Blocked.forEver());
                    group.cancel(round);
                    try {
                        CancelScope.sleep(Duration.ofSeconds(20));
                    } catch (CancelledException e) {
                        events.add(e.reason().message());
                    }
                    Thread.sleep(1);
                    assertThat(CancelScope.shield(task::join))
                            .isInstanceOf(Outcome.Cancelled.class);
                });
                IOException problem = new IOException(round);
                assertThatThrownBy(() ->
                                TaskGroup.run(group -> {
                                    group.fork(() -> failingAfter(new CountDownLatch(0), problem));
                                    try {
                                        Thread.sleep(10_000);
                                    } catch (InterruptedException e) {
                                        events.add("stopped in " + round);
                                        throw e;
                                    }
                                }))
                        .isInstanceOf(TaskFailedException.class)
                        .hasCause(problem)
                        .hasNoSuppressedExceptions();
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                CancelScope.checkpoint();
            }
        });
        assertThat(events)
                .containsExactly(
                        "round 0",
                        "stopped in round 0",
                        "round 1",
                        "stopped in round 1",
                        "round 2",
                        "stopped in round 2");
    }

    @Test
    @Conformance("NG15")
    void nobodyPollsWhileAShieldHoldsACancellationBack() throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        AtomicInteger signals = new AtomicInteger();
        AtomicBoolean passed = new AtomicBoolean();
        Outcome<?> outcome =
                CancelScope.run(scope ->
                        TaskGroup.run(group -> {
                            CountDownLatch inside = new CountDownLatch(1);
                            CountDownLatch mayEnd = new CountDownLatch(1);
                            group.fork(() ->
                                    CancelScope.shield(() -> {
                                        inside.countDown();
                                        try {
                                            Blocked.await(mayEnd);
                                        } catch (InterruptedException e) {
                                            signals.incrementAndGet();
                                        }
                                        passed.set(true);
                                    }));
                            Blocked.await(inside);
                            scope.cancel();
                            CancelScope.shield(() -> {
                                long before = processorTime(threads);
                                CancelScope.sleep(Duration.ofMillis(500));
                                long used = processorTime(threads) - before;
                                assertThat(Duration.ofNanos(used))
                                        .isLessThan(Duration.ofMillis(250));
                                mayEnd.countDown();
                            });
                            CancelScope.checkpoint();
                        }));
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(signals).hasValue(0);
        assertThat(passed).isTrue();
    }

    /** Of the library's own threads. */
    private static long processorTime(ThreadMXBean threads) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("curfew-"))
                .mapToLong(t -> Math.max(0, threads.getThreadCpuTime(t.threadId())))
                .sum();
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("LK01")
    void aTaskWhoseHandleWasDroppedIsReachableAndRunsToItsEnd(Kind kind) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        TaskGroup.run(
                config ->
                        kind == Kind.PLATFORM
                                ? config.withThreadFactory(Thread.ofPlatform().factory())
                                : config,
                group -> {
                    CountDownLatch started = new CountDownLatch(1);
                    group.fork(() -> {
                        started.countDown();
                        try {
                            new Semaphore(0).acquire(); // nobody else knows it
                        } finally {
                            ended.set(true);
                        }
                    });
                    Blocked.await(started);
                    System.gc();
                    assertThat(group.tasks()).hasSize(1);
                    group.tasks().getFirst().cancel();
                });
        assertThat(ended).isTrue();
    }
}
