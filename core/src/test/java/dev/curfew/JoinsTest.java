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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for, and cancelling, several tasks that exist. */
class JoinsTest {
    private static Callable<String> after(CountDownLatch latch, String value) {
        return () -> {
            Blocked.await(latch);
            return value;
        };
    }

    private static Callable<String> failingAfter(CountDownLatch latch, Exception e) {
        return () -> {
            Blocked.await(latch);
            throw e;
        };
    }

    private static void keepGoing(VoidBlock<Exception> body) throws Exception {
        TaskGroup.run(
                config ->
                        config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                .withFailureHandler((_, _) -> {}),
                body);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("FC01")
    void theFirstToEndEndsTheWaitAndTheOthersGoOn(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    CountDownLatch first = new CountDownLatch(1);
                    CountDownLatch second = new CountDownLatch(1);
                    Task<String> a = group.fork(after(second, "a"));
                    Task<String> b = group.fork(after(first, "b"));
                    Thread waiter = Thread.currentThread();
                    group.fork(() -> {
                        Blocked.await(waiter);
                        first.countDown();
                    });
                    Ended<String> ended = Tasks.joinFirst(List.of(a, b, a));
                    assertThat(ended.done()).containsExactly(b);
                    assertThat(ended.pending()).containsExactly(a);
                    assertThat(a.state()).isEqualTo(Task.State.RUNNING);
                    second.countDown();
                    assertThat(Tasks.joinFirst(ended.pending()).done()).containsExactly(a);
                    assertThat(a.await()).isEqualTo("a");
                }));
    }

    @Test
    @Conformance({"FC02", "FC10"})
    void allThatHaveEndedAreDone() throws Exception {
        keepGoing(group -> {
            IOException one = new IOException("1");
            IOException two = new IOException("2");
            CountDownLatch open = new CountDownLatch(0);
            CountDownLatch later = new CountDownLatch(1);
            Task<String> a = group.fork(failingAfter(open, one));
            Task<String> pending = group.fork(after(later, ""));
            Task<String> b = group.fork(failingAfter(open, two));
            a.join();
            b.join();
            for (Ended<String> ended :
                    List.of(
                            Tasks.joinFirst(List.of(a, pending, b)),
                            Tasks.joinFirstFailed(List.of(a, pending, b)))) {
                assertThat(ended.done()).containsExactly(a, b);
                assertThat(ended.pending()).containsExactly(pending);
            }
            assertThatThrownBy(() -> Tasks.awaitAll(List.of(pending, a, b)))
                    .isInstanceOfSatisfying(
                            TaskFailedException.class,
                            e -> assertThat(e.failures()).containsExactly(one, two));
            assertThat(pending.state()).isEqualTo(Task.State.RUNNING);
            later.countDown();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("FC03")
    void theFirstFailureEndsTheWaitAndWithoutOneAllAreWaitedFor(Kind kind) throws Exception {
        kind.run(() ->
                keepGoing(group -> {
                    CountDownLatch step = new CountDownLatch(1);
                    CountDownLatch last = new CountDownLatch(1);
                    Task<String> value = group.fork(() -> "value");
                    Task<String> cancelled = group.fork(after(new CountDownLatch(1), ""));
                    cancelled.cancelAndJoin();
                    Task<String> fails = group.fork(failingAfter(step, new IOException("x")));
                    Task<String> goesOn = group.fork(after(last, "late"));
                    value.join();
                    Thread waiter = Thread.currentThread();
                    group.fork(() -> {
                        Blocked.await(waiter);
                        step.countDown();
                    });
                    Ended<String> ended =
                            Tasks.joinFirstFailed(List.of(value, goesOn, cancelled, fails));
                    assertThat(ended.done()).containsExactly(value, cancelled, fails);
                    assertThat(ended.pending()).containsExactly(goesOn);
                    group.fork(() -> {
                        Blocked.await(waiter);
                        last.countDown();
                    });
                    ended = Tasks.joinFirstFailed(List.of(value, goesOn, cancelled));
                    assertThat(ended.done()).containsExactly(value, goesOn, cancelled);
                    assertThat(ended.pending()).isEmpty();
                }));
    }

    @Test
    @Conformance("FC04")
    void aLimitEndsTheWaitAndNothingElse() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch later = new CountDownLatch(1);
            Task<String> a = group.fork(() -> "a");
            Task<String> b = group.fork(after(later, "b"));
            Task<String> c = group.fork(after(later, "c"));
            a.join();
            for (Duration limit : List.of(Duration.ZERO, Duration.ofMillis(20))) {
                Ended<String> none = Tasks.joinFirstWithin(limit, List.of(b, c));
                assertThat(none.done()).isEmpty();
                assertThat(none.pending()).containsExactly(b, c);
                Ended<String> some = Tasks.joinAllWithin(limit, List.of(c, a, b));
                assertThat(some.done()).containsExactly(a);
                assertThat(some.pending()).containsExactly(c, b);
            }
            assertThat(b.state()).isEqualTo(Task.State.RUNNING);
            later.countDown();
            assertThat(Tasks.joinAll(List.of(c, a, b)).done()).containsExactly(c, a, b);
        });
        assertThatThrownBy(() -> Tasks.joinFirstWithin(Duration.ofSeconds(-1), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tasks.joinFirst(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Tasks.joinAll(List.of()).done()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"FC05", "TC21", "SH16"})
    void aCancelledWaiterLeavesTheTasksAlone(Kind kind) throws Exception {
        List<VoidItemWork<List<Task<String>>>> waits =
                List.of(
                        tasks -> Tasks.joinFirst(tasks),
                        tasks -> Tasks.joinFirstFailed(tasks),
                        tasks -> Tasks.joinAll(tasks),
                        tasks -> Tasks.awaitAll(tasks));
        TaskGroup.run(group -> {
            CountDownLatch later = new CountDownLatch(1);
            List<Task<String>> tasks =
                    List.of(group.fork(after(later, "a")), group.fork(after(later, "b")));
            for (VoidItemWork<List<Task<String>>> wait : waits) {
                kind.run(() ->
                        assertThatThrownBy(() ->
                                        CancelScope.withTimeout(
                                                Duration.ofMillis(20),
                                                () -> {
                                                    wait.run(tasks);
                                                }))
                                .isInstanceOf(DeadlineExceededException.class));
            }
            assertThat(tasks).allSatisfy(t -> assertThat(t.cancelling()).isZero());
            later.countDown();
            assertThat(Tasks.awaitAll(tasks)).containsExactly("a", "b");
        });
    }

    @Test
    @Conformance("GA08")
    void theSameTaskTwiceHasItsValueTwiceAndRunsOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        TaskGroup.run(group -> {
            Task<Integer> task = group.fork(runs::incrementAndGet);
            assertThat(Tasks.awaitAll(List.of(task, task))).containsExactly(1, 1);
        });
        assertThat(runs).hasValue(1);
    }

    @Test
    @Conformance({"TC23", "AC30"})
    void awaitAllThrowsAsSoonAsOneWasCancelled() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch later = new CountDownLatch(1);
            Task<String> goesOn = group.fork(after(later, ""));
            Task<String> target = group.fork(after(new CountDownLatch(1), ""));
            Thread waiter = Thread.currentThread();
            group.fork(() -> {
                Blocked.await(waiter);
                target.cancel("by hand");
            });
            assertThatThrownBy(() -> Tasks.awaitAll(List.of(goesOn, target)))
                    .isInstanceOfSatisfying(
                            TaskCancelledException.class,
                            e -> assertThat(e.task()).containsSame(target));
            later.countDown();
        });
    }

    @Test
    @Conformance({"AC20", "AC21", "JV17"})
    void waitingForOneselfIsRefused() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch later = new CountDownLatch(1);
            Task<Void> other = group.fork(() -> Blocked.await(later));
            group.fork(() -> {
                @SuppressWarnings("unchecked")
                Task<Void> self = (Task<Void>) Task.current().orElseThrow();
                assertThatThrownBy(() -> Tasks.joinAll(List.of(other, self)))
                        .isInstanceOf(WaitCycleException.class);
                assertThatThrownBy(() -> Tasks.awaitAll(List.of(other, self)))
                        .isInstanceOf(WaitCycleException.class);
                assertThatThrownBy(() -> Tasks.joinFirst(List.of(self, self)))
                        .isInstanceOf(WaitCycleException.class);
                assertThatThrownBy(() -> Tasks.joinFirstFailed(List.of(self)))
                        .isInstanceOf(WaitCycleException.class);
                assertThatThrownBy(() -> Tasks.cancelAndJoinAll(List.of(other, self)))
                        .isInstanceOf(WaitCycleException.class);
                assertThat(other.cancelling()).isZero();
                later.countDown();
            });
        });
    }

    @Test
    @Conformance({"AC22", "AC23"})
    void aWaitForAllIsPartOfTheCyclesThatAreRefused() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch later = new CountDownLatch(1);
            CountDownLatch known = new CountDownLatch(1);
            AtomicReference<Task<Void>> all = new AtomicReference<>();
            Task<Void> other = group.fork(() -> Blocked.await(later));
            Task<Void> back =
                    group.fork(() -> {
                        Blocked.await(known);
                        assertThatThrownBy(() -> all.get().join())
                                .isInstanceOf(WaitCycleException.class);
                        assertThatThrownBy(() -> Tasks.joinAll(List.of(all.get())))
                                .isInstanceOf(WaitCycleException.class);
                        later.countDown();
                    });
            AtomicReference<Thread> waiter = new AtomicReference<>();
            CountDownLatch running = new CountDownLatch(1);
            all.set(
                    group.fork(() -> {
                        waiter.set(Thread.currentThread());
                        running.countDown();
                        Tasks.joinAll(List.of(other, back));
                    }));
            Blocked.await(running);
            Blocked.await(waiter.get());
            known.countDown();
        });
    }

    // ---- cancelAndJoinAll --------------------------------------------------------------------

    private static void failing(Exception inCleanUp) throws Exception {
        try {
            Blocked.forEver();
        } catch (InterruptedException e) {
            throw inCleanUp;
        }
    }

    private static void swallowing() {
        try {
            Blocked.forEver();
        } catch (InterruptedException e) {
            // absorbed
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC24", "AC02", "AC11", "AC13"})
    void allAreCancelledFirstAndThenAllAwaited(Kind kind) throws Exception {
        kind.run(() ->
                keepGoing(group -> {
                    List<Slow> slow = List.of(new Slow(), new Slow(), new Slow());
                    List<Task<Void>> tasks = new ArrayList<>();
                    for (Slow s : slow) {
                        tasks.add(group.fork(s));
                        Blocked.await(s.started);
                    }
                    tasks.add(group.fork(() -> {}));
                    tasks.add(tasks.getFirst());
                    IOException problem = new IOException("clean-up");
                    tasks.add(group.fork(() -> failing(problem)));
                    tasks.add(group.fork(JoinsTest::swallowing));
                    group.fork(() -> {
                        for (Slow s : slow) {
                            Blocked.await(s.cleaning);
                        }
                        for (Slow s : slow.reversed()) {
                            s.mayEnd.countDown();
                        }
                    });
                    tasks.get(3).join();
                    List<Outcome<Void>> outcomes = Tasks.cancelAndJoinAll(tasks);
                    assertThat(slow).allSatisfy(s -> assertThat(s.written()).isEqualTo(42));
                    assertThat(outcomes).hasSize(7);
                    assertThat(outcomes.get(3)).isInstanceOf(Outcome.Succeeded.class);
                    assertThat(outcomes.get(5))
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f -> assertThat(f.exception()).isSameAs(problem));
                    assertThat(outcomes.get(6)).isInstanceOf(Outcome.Succeeded.class);
                    assertThat(tasks.get(6).absorbed()).isTrue();
                    for (int i : new int[] {0, 1, 2, 4}) {
                        assertThat(outcomes.get(i)).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(tasks.get(i).cancelling()).isEqualTo(1);
                    }
                    assertThat(Tasks.cancelAndJoinAll(tasks)).hasSize(7);
                    assertThat(Tasks.cancelAndJoinAll(List.<Task<Void>>of())).isEmpty();
                }));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC26", "AC27"})
    void aCancelledCallerStillWaitsForAllAndIsToldAfterwards(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                TaskGroup.run(group -> {
                    List<Slow> slow = List.of(new Slow(), new Slow());
                    List<Task<Void>> tasks = new ArrayList<>();
                    for (Slow s : slow) {
                        tasks.add(group.fork(s));
                        Blocked.await(s.started);
                    }
                    Outcome<?> outcome =
                            CancelScope.run(scope -> {
                                group.fork(() -> {
                                    for (Slow s : slow) {
                                        Blocked.await(s.cleaning);
                                    }
                                    scope.cancel("own");
                                    scope.cancel("again");
                                    slow.forEach(s -> s.mayEnd.countDown());
                                });
                                try {
                                    Tasks.cancelAndJoinAll(tasks);
                                    events.add("returned");
                                } catch (CancelledException e) {
                                    events.add(e.reason().message());
                                    slow.forEach(s -> events.add("" + s.written()));
                                    throw e;
                                }
                            });
                    assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                    assertThat(slow).allSatisfy(s -> assertThat(s.signalsInCleanUp).hasValue(0));
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                }));
        assertThat(events).containsExactly("own", "42", "42");
    }
}
