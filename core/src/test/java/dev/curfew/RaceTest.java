package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Reports;
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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RaceTest {
    private static Callable<String> slow(Slow slow) {
        return () -> {
            slow.run();
            return "slow";
        };
    }

    /** Ends with a value although it is asked to stop, once the latch is down. */
    private static Callable<String> absorbing(
            CountDownLatch started, CountDownLatch mayEnd, String value) {
        return () -> {
            started.countDown();
            try {
                Blocked.forEver();
            } catch (InterruptedException e) {
                Blocked.await(mayEnd);
            }
            return value;
        };
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"RA01", "RA08"})
    void theFirstValueIsReturnedWhenTheLosersHaveBeenCancelledAndHaveEnded(Kind kind)
            throws Exception {
        kind.run(() -> {
            Slow slow = new Slow();
            List<String> events = new CopyOnWriteArrayList<>();
            TaskGroup.run(group -> {
                group.fork(() -> {
                    Blocked.await(slow.cleaning);
                    events.add("loser was told");
                    slow.mayEnd.countDown();
                });
                Callable<String> winner =
                        () -> {
                            Blocked.await(slow.started);
                            return "won";
                        };
                assertThat(Tasks.race(List.of(slow(slow), winner))).isEqualTo("won");
                events.add("returned");
                assertThat(slow.written()).isEqualTo(42);
            });
            assertThat(events).containsExactly("loser was told", "returned");
            assertThat(slow.signalsInCleanUp).hasValue(0);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
        });
    }

    @Test
    @Conformance({"RA02", "RA03", "RA07"})
    void failuresEndNothingAndAreHandedOutBesideTheValue() throws Exception {
        IOException before = new IOException("before");
        IllegalStateException cleanUp = new IllegalStateException("clean-up");
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        Callable<String> fails =
                () -> {
                    Task.current().orElseThrow().onEnd(_ -> failed.countDown());
                    throw before;
                };
        Callable<String> failsInCleanUp =
                () -> {
                    try {
                        started.countDown();
                        Blocked.forEver();
                    } finally {
                        throwing(cleanUp);
                    }
                    return "";
                };
        Callable<String> wins =
                () -> {
                    Blocked.await(failed);
                    Blocked.await(started);
                    return null;
                };
        Raced<String> raced = Tasks.raceFully(List.of(fails, failsInCleanUp, wins), _ -> {});
        assertThat(raced.value()).isNull();
        assertThat(raced.failures()).containsExactly(before, cleanUp);
        assertThat(raced.winner().state()).isEqualTo(Task.State.SUCCEEDED);
    }

    @Test
    @Conformance({"RA03", "RA07"})
    void whoeverIsHandedTheValueAloneHasTheFailuresReported() throws Exception {
        IllegalStateException cleanUp = new IllegalStateException("clean-up");
        IOException before = new IOException("before");
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        Callable<String> fails =
                () -> {
                    Task.current().orElseThrow().onEnd(_ -> failed.countDown());
                    throw before;
                };
        Callable<String> failsInCleanUp =
                () -> {
                    try {
                        started.countDown();
                        Blocked.forEver();
                    } finally {
                        throwing(cleanUp);
                    }
                    return "";
                };
        Callable<String> wins =
                () -> {
                    Blocked.await(failed);
                    Blocked.await(started);
                    return "won";
                };
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        try (var _ = Reports.capture((_, _, problem) -> reported.add(problem))) {
            assertThat(Tasks.race(List.of(fails, failsInCleanUp, wins))).isEqualTo("won");
        }
        assertThat(reported).containsExactly(before, cleanUp);
    }

    private static void throwing(RuntimeException e) {
        throw e;
    }

    @Test
    @Conformance({"RA02", "RA03"})
    void ifAllFailOneExceptionHasAllFailuresInTheirOrder() {
        List<Exception> problems = new ArrayList<>();
        List<CountDownLatch> ended = new ArrayList<>();
        List<Callable<String>> works = new ArrayList<>();
        ended.add(new CountDownLatch(0));
        for (int i = 0; i < 40; i++) {
            IOException problem = new IOException("no " + i);
            CountDownLatch before = ended.get(i);
            CountDownLatch own = new CountDownLatch(1);
            ended.add(own);
            problems.add(problem);
            works.add(() -> {
                Blocked.await(before);
                Task.current().orElseThrow().onEnd(_ -> own.countDown());
                throw problem;
            });
        }
        assertThatThrownBy(() -> Tasks.race(works))
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        e -> {
                            assertThat(e.failures()).containsExactlyElementsOf(problems);
                            assertThat(e.task()).isPresent();
                            assertThat(e.getSuppressed()).hasSizeLessThan(40);
                        });
    }

    @Test
    void ifEachWasCancelledOnItsOwnThatIsWhatLeaves() {
        Callable<String> cancelsItself =
                () -> {
                    Task.current().orElseThrow().cancel("own");
                    CancelScope.checkpoint();
                    return "";
                };
        assertThatThrownBy(() -> Tasks.race(List.of(cancelsItself, cancelsItself)))
                .isInstanceOfSatisfying(
                        TaskCancelledException.class,
                        e -> assertThat(e.reason().message()).isEqualTo("own"));
    }

    @Test
    @Conformance("RA05")
    void withoutContestantsThereIsNoRace() {
        assertThatThrownBy(() -> Tasks.race(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tasks.raceFully(List.of(), _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Conformance("RA08")
    void aLoserThatWillNotStopDelaysTheReturnAndIsNamed() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        List<String> named = new CopyOnWriteArrayList<>();
        Callable<String> loser =
                () -> {
                    started.countDown();
                    Blocked.uninterruptibly(mayEnd);
                    return "late";
                };
        Callable<String> winner =
                () -> {
                    Blocked.await(started);
                    return "won";
                };
        try (var _ =
                Reports.capture((_, message, _) -> {
                    if (message.contains("Blocked.uninterruptibly")) {
                        named.add(message);
                        mayEnd.countDown();
                    }
                })) {
            TaskGroup.run(
                    config -> config.withPatience(Duration.ofMillis(30)),
                    _ -> assertThat(Tasks.race(List.of(loser, winner))).isEqualTo("won"));
        }
        assertThat(named.getFirst()).contains("was asked to stop");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("RA06")
    void ofSeveralValuesOneIsReturnedAndEachOtherIsDisposedOfOnce(Kind kind) throws Exception {
        kind.run(() -> {
            for (int i = 0; i < 50; i++) {
                CyclicBarrier together = new CyclicBarrier(3);
                AtomicInteger number = new AtomicInteger();
                Callable<Integer> works =
                        () -> {
                            int own = number.incrementAndGet();
                            try {
                                together.await(30, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                return own;
                            } catch (java.util.concurrent.BrokenBarrierException e) {
                                return own;
                            }
                            return own;
                        };
                List<Integer> seen = new ArrayList<>();
                Thread caller = Thread.currentThread();
                seen.add(
                        Tasks.race(
                                List.of(works, works, works),
                                value -> {
                                    assertThat(Thread.currentThread()).isSameAs(caller);
                                    seen.add(value);
                                }));
                assertThat(seen).containsExactlyInAnyOrder(1, 2, 3);
            }
        });
    }

    @Test
    @Conformance("RA06")
    void theObjectThatIsReturnedIsNotDisposedOfUnderAnotherName() throws Exception {
        Object shared = new Object();
        CountDownLatch started = new CountDownLatch(1);
        Callable<Object> loser =
                () -> {
                    started.countDown();
                    try {
                        Blocked.forEver();
                    } catch (InterruptedException e) {
                        return shared;
                    }
                    return "";
                };
        Callable<Object> winner =
                () -> {
                    Blocked.await(started);
                    return shared;
                };
        List<Object> disposed = new ArrayList<>();
        assertThat(Tasks.race(List.of(loser, winner), disposed::add)).isSameAs(shared);
        assertThat(disposed).isEmpty();
    }

    @Test
    @Conformance("RA06")
    void aDisposerThatThrowsStopsNothing() throws Exception {
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch mayEnd = new CountDownLatch(0);
        Callable<String> winner =
                () -> {
                    Blocked.await(started);
                    return "won";
                };
        List<String> disposed = new ArrayList<>();
        String won =
                Tasks.race(
                        List.of(
                                absorbing(started, mayEnd, "a"),
                                absorbing(started, mayEnd, "b"),
                                winner),
                        value -> {
                            disposed.add(value);
                            throw new IOException("close");
                        });
        assertThat(won).isEqualTo("won");
        assertThat(disposed).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("RA09")
    void aCancelledCallerIsToldWhenAllHaveEndedAndTheWinnersValueIsDisposedOfToo(Kind kind)
            throws Exception {
        kind.run(() -> {
            Thread caller = Thread.currentThread();
            IOException problem = new IOException("early");
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch failed = new CountDownLatch(1);
            AtomicBoolean ended = new AtomicBoolean();
            List<String> disposed = new ArrayList<>();
            List<Throwable> left = new ArrayList<>();
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        Callable<String> loser =
                                () -> {
                                    started.countDown();
                                    try {
                                        Blocked.forEver();
                                    } finally {
                                        CancelScope.shield(() -> {
                                            Blocked.untilRefused(
                                                    Task.current().orElseThrow().group());
                                            Blocked.await(caller);
                                            scope.cancel("enough");
                                        });
                                        ended.set(true);
                                    }
                                    return "";
                                };
                        Callable<String> fails =
                                () -> {
                                    Task.current().orElseThrow().onEnd(_ -> failed.countDown());
                                    throw problem;
                                };
                        Callable<String> wins =
                                () -> {
                                    Blocked.await(failed);
                                    Blocked.await(started);
                                    return "won";
                                };
                        try {
                            Tasks.race(
                                    List.of(loser, fails, wins),
                                    value -> {
                                        CancelScope.checkpoint(); // it is in a shield
                                        disposed.add(value);
                                        throw new IllegalStateException("disposer");
                                    });
                        } catch (InterruptedException e) {
                            assertThat(ended).isTrue();
                            left.add(e);
                            throw e;
                        }
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("enough"));
            assertThat(disposed).containsExactly("won");
            assertThat(left).singleElement().isInstanceOf(CancelledException.class);
            assertThat(left.getFirst().getSuppressed())
                    .hasSize(2)
                    .contains(problem)
                    .anyMatch(e -> e instanceof IllegalStateException);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"RA09", "TC24"})
    void aCallerWhoseCancellationEndsAllContestantsIsToldOfItsOwn(Kind kind) throws Exception {
        kind.run(() -> {
            for (int i = 0; i < 100; i++) {
                CountDownLatch started = new CountDownLatch(2);
                Callable<String> blocks =
                        () -> {
                            started.countDown();
                            Blocked.forEver();
                            return "";
                        };
                Outcome<?> outcome =
                        CancelScope.run(scope ->
                                TaskGroup.run(group -> {
                                    group.fork(() ->
                                            CancelScope.shield(() -> {
                                                Blocked.await(started);
                                                scope.cancel();
                                            }));
                                    assertThatThrownBy(() -> Tasks.race(List.of(blocks, blocks)))
                                            .isInstanceOf(CancelledException.class);
                                    CancelScope.checkpoint();
                                }));
                assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            }
        });
    }
}
