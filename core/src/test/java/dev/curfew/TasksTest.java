package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work that is started and ended by the call: all, map, forEach, settle. */
class TasksTest {
    private static <T> Callable<T> failing(Exception e) {
        return () -> {
            throw e;
        };
    }

    /** Work that is told, and ends when it may. */
    private static Callable<String> slow(Slow slow) {
        return () -> {
            slow.run();
            return "slow";
        };
    }

    private static Callable<String> afterAll(CountDownLatch latch, String value) {
        return () -> {
            Blocked.await(latch);
            return value;
        };
    }

    // ---- all, map, forEach -------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance("GA01")
    void valuesComeInTheOrderOfTheirWorkWhateverTheOrderOfTheirEnds(Kind kind) throws Exception {
        kind.run(() -> {
            CountDownLatch second = new CountDownLatch(1);
            CountDownLatch third = new CountDownLatch(1);
            Callable<String> b =
                    () -> {
                        Blocked.await(third);
                        second.countDown();
                        return "b";
                    };
            Callable<String> c =
                    () -> {
                        third.countDown();
                        return null;
                    };
            assertThat(Tasks.all(afterAll(second, "a"), b, c)).containsExactly("a", "b", null);
            assertThat(Tasks.map(Arrays.asList(2, 1, null), i -> i)).containsExactly(2, 1, null);
            CountDownLatch last = new CountDownLatch(1);
            assertThat(
                            Tasks.map(
                                    List.of(0, 1, 2),
                                    2,
                                    i -> {
                                        if (i == 2) {
                                            last.countDown();
                                        }
                                        if (i == 0) {
                                            Blocked.await(last);
                                        }
                                        return i;
                                    }))
                    .containsExactly(0, 1, 2);
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"GA02", "GA09"})
    void aFailureCancelsTheOthersAndLeavesWhenTheyHaveEndedWithAllFailures(Kind kind)
            throws Exception {
        kind.run(() -> {
            IOException problem = new IOException("first");
            IllegalStateException second = new IllegalStateException("clean-up");
            Slow slow = new Slow();
            CountDownLatch started = new CountDownLatch(1);
            Callable<String> failsInCleanUp =
                    () -> {
                        started.countDown();
                        try {
                            Blocked.forEver();
                        } finally {
                            slow.mayEnd.countDown();
                            throwing(second);
                        }
                        return "";
                    };
            assertThatThrownBy(() ->
                            Tasks.all(
                                    slow(slow),
                                    failsInCleanUp,
                                    () -> {
                                        Blocked.await(slow.started);
                                        Blocked.await(started);
                                        throw problem;
                                    }))
                    .isInstanceOfSatisfying(
                            TaskFailedException.class,
                            e -> assertThat(e.failures()).containsExactly(problem, second));
            assertThat(slow.written()).isEqualTo(42);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    private static void throwing(RuntimeException e) {
        throw e;
    }

    @Test
    @Conformance("GA02")
    void aFailureInMapAndForEachStopsTheReadingOfItems() {
        for (boolean map : new boolean[] {true, false}) {
            IOException problem = new IOException("item 1");
            AtomicInteger read = new AtomicInteger();
            Iterable<Integer> endless = () -> endless(read);
            VoidItemWork<Integer> work =
                    i -> {
                        if (i == 1) {
                            throw problem;
                        }
                        Blocked.forEver();
                    };
            assertThatThrownBy(
                            () -> {
                                if (map) {
                                    Tasks.map(
                                            endless,
                                            3,
                                            i -> {
                                                work.run(i);
                                                return i;
                                            });
                                } else {
                                    Tasks.forEach(endless, 3, work);
                                }
                            })
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem)
                    .hasNoSuppressedExceptions();
            assertThat(read.get()).isBetween(2, 5);
        }
    }

    private static Iterator<Integer> endless(AtomicInteger read) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                return read.getAndIncrement();
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void withALimitThereAreNeverMoreTasksAndItemsAreReadWhenThereIsRoom(Kind kind)
            throws Exception {
        kind.run(() -> {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            List<String> wrong = new CopyOnWriteArrayList<>();
            CountDownLatch three = new CountDownLatch(3);
            Iterator<Integer> items =
                    new Iterator<>() {
                        int next;

                        @Override
                        public boolean hasNext() {
                            return next < 200;
                        }

                        @Override
                        public Integer next() {
                            if (next - ended.get() >= 3) {
                                wrong.add("read " + next + " with " + ended.get() + " ended");
                            }
                            return next++;
                        }
                    };
            Tasks.forEach(
                    () -> items,
                    3,
                    i -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        three.countDown();
                        Blocked.await(three);
                        running.decrementAndGet();
                        ended.incrementAndGet();
                    });
            assertThat(wrong).isEmpty();
            assertThat(most).hasValue(3);
            assertThat(ended).hasValue(200);
        });
    }

    @Test
    void aTaskHoldsItsPlaceUntilItHasEndedNotOnlyUntilItsBodyHas() throws Exception {
        Semaphore hookMayEnd = new Semaphore(0);
        CountDownLatch hookRuns = new CountDownLatch(1);
        AtomicInteger read = new AtomicInteger();
        TaskGroup.run(group -> {
            AtomicReference<Task<?>> first = new AtomicReference<>();
            CountDownLatch known = new CountDownLatch(1);
            Task<?> caller =
                    group.fork(() ->
                            Tasks.forEach(
                                    () -> IntStream.range(0, 2).iterator(),
                                    1,
                                    i -> {
                                        if (i == 1) {
                                            read.incrementAndGet();
                                            return;
                                        }
                                        first.set(Task.current().orElseThrow());
                                        CancelScope.addHook(() -> {
                                            hookRuns.countDown();
                                            hookMayEnd.acquireUninterruptibly();
                                        });
                                        known.countDown();
                                        while (hookRuns.getCount() > 0) {
                                            try {
                                                Blocked.await(hookRuns);
                                            } catch (InterruptedException e) {
                                                continue;
                                            }
                                        }
                                    }));
            Blocked.await(known);
            first.get().cancel();
            Blocked.await(hookRuns);
            assertThat(first.get().joinWithin(Duration.ofMillis(50))).isEmpty();
            assertThat(read).hasValue(0);
            hookMayEnd.release();
            caller.await();
        });
        assertThat(read).hasValue(1);
    }

    @Test
    @Conformance("GA07")
    void noInputHasNoResult() throws Exception {
        assertThat(Tasks.all(List.of())).isEmpty();
        assertThat(Tasks.map(List.of(), i -> i)).isEmpty();
        assertThat(Tasks.map(List.of(), 2, i -> i)).isEmpty();
        assertThat(Tasks.settle(List.of())).isEmpty();
        Tasks.forEach(List.of(), i -> {});
        Outcome<?> cancelled =
                CancelScope.call(scope -> {
                    scope.cancel();
                    return Tasks.all(List.of());
                });
        assertThat(cancelled).isInstanceOf(Outcome.Succeeded.class);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"GA05", "GA06", "TG14", "TO24"})
    void aCancelledCallerIsToldWhenAllHasEnded(Kind kind) throws Exception {
        List<VoidItemWork<Callable<String>>> calls =
                List.of(
                        work -> Tasks.all(List.of(work)),
                        work -> Tasks.map(List.of(work), Callable::call),
                        work -> Tasks.map(List.of(work, work), 1, Callable::call),
                        work -> Tasks.forEach(List.of(work), Callable::call),
                        work -> Tasks.forEach(List.of(work, work), 1, Callable::call),
                        work -> {
                            var unused = Tasks.settle(List.of(work, () -> ""));
                        },
                        work -> {
                            var unused = Tasks.settle(List.of(work, work), 1);
                        });
        for (VoidItemWork<Callable<String>> call : calls) {
            kind.run(() -> {
                Slow slow = new Slow();
                Outcome<?> outcome =
                        CancelScope.run(scope ->
                                TaskGroup.run(group -> {
                                    group.fork(() ->
                                            CancelScope.shield(() -> {
                                                Blocked.await(slow.started);
                                                scope.cancel("enough");
                                                Blocked.await(slow.cleaning);
                                                slow.mayEnd.countDown();
                                            }));
                                    assertThatThrownBy(() -> call.run(slow(slow)))
                                            .isInstanceOf(CancelledException.class);
                                    assertThat(slow.written()).isEqualTo(42);
                                    CancelScope.checkpoint();
                                }));
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> assertThat(c.reason().message()).isEqualTo("enough"));
                assertThat(slow.signalsInCleanUp).hasValue(0);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();

                Slow late = new Slow();
                late.mayEnd.countDown();
                TaskGroup.run(group ->
                        assertThatThrownBy(() ->
                                        CancelScope.withTimeout(
                                                Duration.ofMinutes(5),
                                                () -> {
                                                    CancelScope scope = CancelScope.current();
                                                    group.fork(() -> {
                                                        Blocked.await(late.started);
                                                        scope.reschedule(
                                                                Deadline.after(Duration.ZERO));
                                                    });
                                                    call.run(slow(late));
                                                }))
                                .isInstanceOf(DeadlineExceededException.class));
                assertThat(late.written()).isEqualTo(42);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThrowingIteratorLeavesAsItselfWhenAllTasksHaveEnded(Kind kind) throws Exception {
        kind.run(() -> {
            for (int limit : new int[] {2, Integer.MAX_VALUE}) {
                Slow slow = new Slow();
                slow.mayEnd.countDown();
                NoSuchElementException problem = new NoSuchElementException("broken input");
                Iterator<Integer> items =
                        new Iterator<>() {
                            boolean first = true;

                            @Override
                            public boolean hasNext() {
                                return true;
                            }

                            @Override
                            public Integer next() {
                                if (!first) {
                                    Blocked.uninterruptibly(slow.started);
                                    throw problem;
                                }
                                first = false;
                                return 1;
                            }
                        };
                assertThatThrownBy(() -> Tasks.forEach(() -> items, limit, i -> slow.run()))
                        .isSameAs(problem);
                assertThat(slow.written()).isEqualTo(42);
            }
        });
    }

    @Test
    void oneThatIsCancelledOnItsOwnLeavesNoResultAndStopsTheRest() throws Exception {
        AtomicReference<Task<?>> own = new AtomicReference<>();
        Slow slow = new Slow();
        slow.mayEnd.countDown();
        Callable<String> cancelsItself =
                () -> {
                    Blocked.await(slow.started);
                    own.set(Task.current().orElseThrow());
                    own.get().cancel("not this one");
                    CancelScope.checkpoint();
                    return "";
                };
        List<VoidWork<Exception>> calls =
                List.of(
                        () -> Tasks.all(slow(slow), cancelsItself),
                        () -> Tasks.forEach(List.of(slow(slow), cancelsItself), Callable::call),
                        () -> Tasks.forEach(List.of(slow(slow), cancelsItself), 2, Callable::call),
                        () -> Tasks.forEach(List.of(cancelsItself), Callable::call));
        for (VoidWork<Exception> call : calls) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            TaskCancelledException.class,
                            e -> {
                                assertThat(e.task()).containsSame(own.get());
                                assertThat(e.reason().message()).isEqualTo("not this one");
                            });
            assertThat(slow.written()).isEqualTo(42);
        }
    }

    @Test
    @Conformance("SH16")
    void inAShieldACancelledCallerGetsTheValuesAndIsToldAfterwards() throws Exception {
        List<String> seen = new ArrayList<>();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    Callable<String> cancels =
                            () -> {
                                scope.cancel();
                                return "done";
                            };
                    seen.addAll(CancelScope.shield(() -> Tasks.all(List.of(cancels))));
                    CancelScope.checkpoint();
                });
        assertThat(seen).containsExactly("done");
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void aTaskThatWaitsForTheCallerIsRefused() {
        assertThatThrownBy(() ->
                        TaskGroup.run(group ->
                                group.fork(() -> {
                                    Task<?> caller = Task.current().orElseThrow();
                                    Tasks.all(() -> caller.cancelAndJoin());
                                })))
                .isInstanceOf(TaskFailedException.class)
                .rootCause()
                .isInstanceOf(WaitCycleException.class);
    }

    @Test
    void badInputIsRefusedBeforeAnythingIsStarted() {
        AtomicInteger started = new AtomicInteger();
        Callable<Integer> work = started::incrementAndGet;
        assertThatThrownBy(() -> Tasks.all(Arrays.asList(work, null)))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Tasks.settle(Arrays.asList(work, null)))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Tasks.race(Arrays.asList(work, null)))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Tasks.race(List.of(work), null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Tasks.runCompletions(List.of(work), null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Tasks.map(List.of(1), null))
                .isInstanceOf(NullPointerException.class);
        for (int limit : new int[] {0, -1}) {
            assertThatThrownBy(() -> Tasks.map(List.of(1), limit, i -> started.incrementAndGet()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 or more, not " + limit);
            assertThatThrownBy(() -> Tasks.settle(List.of(work), limit))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Tasks.forEach(List.of(work), limit, Callable::call))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(started).hasValue(0);
    }

    // ---- settle ------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance("GA03")
    void settleHasEveryOutcomeInOrderAndCancelsNobody(Kind kind) throws Exception {
        kind.run(() -> {
            IOException problem = new IOException("b");
            for (boolean limited : new boolean[] {true, false}) {
                CountDownLatch others = new CountDownLatch(2); // until both have ended
                Callable<String> last = afterAll(others, "a");
                Callable<String> fails =
                        () -> {
                            Task.current().orElseThrow().onEnd(_ -> others.countDown());
                            throw problem;
                        };
                Callable<String> cancelsItself =
                        () -> {
                            Task.current().orElseThrow().onEnd(_ -> others.countDown());
                            Task.current().orElseThrow().cancel("own");
                            CancelScope.checkpoint();
                            return "";
                        };
                List<Callable<String>> works = List.of(last, fails, cancelsItself);
                List<Outcome<String>> outcomes =
                        limited ? Tasks.settle(works, 2 + 1) : Tasks.settle(works);
                assertThat(outcomes).hasSize(3);
                assertThat(outcomes.get(0)).isEqualTo(new Outcome.Succeeded<>("a"));
                assertThat(outcomes.get(1))
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                f -> assertThat(f.exception()).isSameAs(problem));
                assertThat(outcomes.get(2))
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> assertThat(c.reason().message()).isEqualTo("own"));
            }
        });
    }

    @Test
    @Conformance("GA05")
    void settleThatIsCutShortKeepsTheFailures() throws Exception {
        IOException before = new IOException("before");
        IllegalStateException cleanUp = new IllegalStateException("clean-up");
        CountDownLatch failed = new CountDownLatch(1);
        List<Throwable> left = new ArrayList<>();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    Callable<String> fails =
                            () -> {
                                Task.current().orElseThrow().onEnd(_ -> failed.countDown());
                                throw before;
                            };
                    Callable<String> blocked =
                            () -> {
                                Blocked.await(failed);
                                scope.cancel();
                                try {
                                    Blocked.forEver();
                                } finally {
                                    CancelScope.shield(() ->
                                            Blocked.untilRefused(
                                                    Task.current().orElseThrow().group()));
                                    throwing(cleanUp);
                                }
                                return "";
                            };
                    try {
                        var unused = Tasks.settle(List.of(fails, blocked));
                    } catch (InterruptedException e) {
                        left.add(e);
                        throw e;
                    }
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(left).singleElement().isInstanceOf(CancelledException.class);
        assertThat(left.getFirst().getSuppressed()).containsExactly(before, cleanUp);
    }

    @Test
    void settleKeepsItsLimit() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore two = new Semaphore(0);
        Callable<Integer> work =
                () -> {
                    int now = running.incrementAndGet();
                    most.accumulateAndGet(now, Math::max);
                    two.release();
                    if (now == 1) {
                        // waits for a second one
                        if (!two.tryAcquire(2, 30, TimeUnit.SECONDS)) {
                            throw new AssertionError("nobody came");
                        }
                        two.release(2);
                    }
                    running.decrementAndGet();
                    return now;
                };
        List<Callable<Integer>> works = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            works.add(work);
        }
        assertThat(Tasks.settle(works, 2)).hasSize(100).allSatisfy(Outcome::get);
        assertThat(most).hasValue(2);
    }
}
