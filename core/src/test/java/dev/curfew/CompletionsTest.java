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
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class CompletionsTest {
    private static Callable<String> slow(Slow slow) {
        return () -> {
            slow.run();
            return "slow";
        };
    }

    private static Callable<String> after(CountDownLatch latch, String value) {
        return () -> {
            Blocked.await(latch);
            return value;
        };
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"FC01", "FC10"})
    void tasksComeInTheOrderInWhichTheyEndWithWhateverOutcome(Kind kind) throws Exception {
        kind.run(() -> {
            IOException problem = new IOException("b");
            CountDownLatch a = new CountDownLatch(1);
            CountDownLatch b = new CountDownLatch(1);
            List<Callable<String>> works =
                    List.of(
                            after(a, "a"),
                            () -> {
                                Blocked.await(b);
                                throw problem;
                            },
                            () -> {
                                Task.current().orElseThrow().cancel();
                                CancelScope.checkpoint();
                                return "";
                            });
            int count =
                    Tasks.callCompletions(
                            works,
                            completions -> {
                                assertThat(completions.next().orElseThrow().state())
                                        .isEqualTo(Task.State.CANCELLED);
                                b.countDown();
                                assertThat(completions.next().orElseThrow().outcome())
                                        .containsInstanceOf(Outcome.Failed.class);
                                a.countDown();
                                assertThat(completions.next().orElseThrow().await()).isEqualTo("a");
                                assertThat(completions.next()).isEmpty();
                                assertThat(completions.next()).isEmpty();
                                return 3;
                            });
            assertThat(count).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("FC08")
    void leavingEarlyCancelsTheRestAndAwaitsIt(Kind kind) throws Exception {
        kind.run(() -> {
            for (boolean throwing : new boolean[] {true, false}) {
                Slow slow = new Slow();
                IOException problem = new IOException("body");
                TaskGroup.run(group -> {
                    group.fork(() -> {
                        Blocked.await(slow.cleaning);
                        slow.mayEnd.countDown();
                    });
                    VoidWork<IOException> call =
                            () ->
                                    Tasks.<String, IOException>runCompletions(
                                            List.of(slow(slow), after(slow.started, "first")),
                                            completions -> {
                                                assertThat(completions.next().orElseThrow().await())
                                                        .isEqualTo("first");
                                                if (throwing) {
                                                    throw problem;
                                                }
                                            });
                    if (throwing) {
                        assertThatThrownBy(call::run).isSameAs(problem);
                    } else {
                        call.run();
                    }
                    assertThat(slow.written()).isEqualTo(42);
                    assertThat(slow.signalsInCleanUp).hasValue(0);
                });
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("FC08")
    void closingAViewCancelsAllThatGoOnFirstAndThenAwaitsThem(Kind kind) throws Exception {
        kind.run(() -> {
            Slow one = new Slow();
            Slow other = new Slow();
            TaskGroup.run(group -> {
                List<Task<String>> tasks = List.of(group.fork(slow(one)), group.fork(slow(other)));
                Blocked.await(one.started);
                Blocked.await(other.started);
                group.fork(() -> {
                    Blocked.await(one.cleaning);
                    Blocked.await(other.cleaning);
                    other.mayEnd.countDown();
                    one.mayEnd.countDown();
                });
                try (Completions<String> completions = Tasks.completions(tasks)) {
                    assertThat(completions.toString()).contains("2 of 2");
                }
                assertThat(one.written()).isEqualTo(42);
                assertThat(other.written()).isEqualTo(42);
                assertThat(tasks)
                        .allSatisfy(t -> assertThat(t.state()).isEqualTo(Task.State.CANCELLED));
                assertThat(group.reason()).isEmpty();
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("FC09")
    void aCancelledCallerIsToldInTheMiddleAndTheRestHasEnded(Kind kind) throws Exception {
        kind.run(() -> {
            Slow slow = new Slow();
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    Duration.ofMillis(50),
                                    () ->
                                            Tasks.<String, RuntimeException>runCompletions(
                                                    List.of(slow(slow)),
                                                    completions -> {
                                                        assertThatThrownBy(completions::next)
                                                                .isInstanceOf(
                                                                        CancelledException.class);
                                                        assertThatThrownBy(
                                                                        completions
                                                                                ::next) // level-triggered
                                                                .isInstanceOf(
                                                                        CancelledException.class);
                                                        slow.mayEnd.countDown();
                                                        CancelScope.checkpoint();
                                                    })))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThat(slow.written()).isEqualTo(42);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("FC09")
    void aCallerCancelledAfterTheFirstIsToldAndTheRestHasEnded(Kind kind) throws Exception {
        kind.run(() -> {
            Slow slow = new Slow();
            List<String> events = new ArrayList<>();
            Outcome<?> outcome =
                    CancelScope.run(scope ->
                            Tasks.<String, Exception>runCompletions(
                                    List.of(slow(slow), after(slow.started, "first")),
                                    completions -> {
                                        Task<String> first = completions.next().orElseThrow();
                                        events.add(first.await());
                                        scope.cancel("enough");
                                        try {
                                            events.add("" + completions.next());
                                        } finally {
                                            slow.mayEnd.countDown();
                                        }
                                    }));
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("enough"));
            assertThat(events).containsExactly("first");
            assertThat(slow.written()).isEqualTo(42);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    @Conformance("FC02")
    void whatHasEndedBeforeComesFirstAndEachTaskOnce() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<String> last = group.fork(after(mayEnd, "last"));
            Task<String> a = group.fork(() -> "a");
            Task<String> b = group.fork(() -> "b");
            a.join();
            b.join();
            try (Completions<String> completions =
                    Tasks.completions(List.of(last, a, b, a, last))) {
                assertThat(completions.next()).containsSame(a);
                assertThat(completions.next()).containsSame(b);
                mayEnd.countDown();
                assertThat(completions.next()).containsSame(last);
                assertThat(completions.next()).isEmpty();
            }
        });
    }

    @Test
    void severalThreadsShareOneViewAndAllSeeItsEnd() throws Exception {
        List<Callable<Integer>> works = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            works.add(() -> number);
        }
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        Tasks.<Integer, RuntimeException>runCompletions(
                works,
                completions ->
                        Tasks.forEach(
                                List.of(1, 2, 3, 4),
                                _ -> {
                                    Optional<Task<Integer>> next;
                                    while ((next = completions.next()).isPresent()) {
                                        seen.add(next.get().await());
                                    }
                                }));
        assertThat(seen).hasSize(1000).doesNotHaveDuplicates();
    }

    @Test
    void closingItFromOneOfItsTasksIsRefusedAndNothingIsRequested() throws Exception {
        AtomicReference<Completions<String>> view = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<String> task =
                    group.fork(() -> {
                        Blocked.await(known);
                        assertThatThrownBy(() -> view.get().close())
                                .isInstanceOf(WaitCycleException.class);
                        CancelScope.checkpoint();
                        return "fine";
                    });
            view.set(Tasks.completions(List.of(task)));
            known.countDown();
            assertThat(task.await()).isEqualTo("fine");
        });
    }

    /** Where several go on, one of them may still end: such a wait is not searched. */
    @Test
    @Conformance("AC22")
    void ofTheLastOneAndWhoWaitsForItsCompletionOneIsRefusedIfTheyWaitForEachOther()
            throws Exception {
        for (int i = 0; i < 100; i++) {
            AtomicInteger refused = new AtomicInteger();
            CompletableFuture<Task<?>> waiter = new CompletableFuture<>();
            TaskGroup.run(group -> {
                Task<Void> last =
                        group.fork(() ->
                                counting(refused, () -> waiter.get(30, TimeUnit.SECONDS).join()));
                Task<Void> other = group.fork(() -> {});
                waiter.complete(
                        group.fork(() ->
                                counting(
                                        refused,
                                        () -> {
                                            List<Task<Void>> tasks = List.of(other, last);
                                            Completions<Void> completions =
                                                    Tasks.completions(tasks);
                                            assertThat(completions.next()).containsSame(other);
                                            assertThat(completions.next()).containsSame(last);
                                        })));
            });
            assertThat(refused).hasValue(1);
        }
    }

    private static void counting(AtomicInteger refused, VoidWork<Exception> wait) throws Exception {
        try {
            wait.run();
        } catch (WaitCycleException e) {
            refused.incrementAndGet();
        }
    }

    @Test
    void aFailureThatNobodyTookIsReportedByTheGroupNotCountedAsRead() throws Exception {
        IOException problem = new IOException("x");
        List<Throwable> told = new ArrayList<>();
        TaskGroup.run(
                config ->
                        config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                .withFailureHandler((_, e) -> told.add(e)),
                group -> {
                    Task<String> task =
                            group.fork(() -> {
                                throw problem;
                            });
                    Tasks.joinAll(List.of(task));
                    Tasks.joinFirst(List.of(task));
                    Tasks.joinFirstFailed(List.of(task));
                    try (Completions<String> completions = Tasks.completions(List.of(task))) {
                        assertThat(completions.next()).isPresent();
                    }
                });
        assertThat(told).containsExactly(problem);
    }
}
