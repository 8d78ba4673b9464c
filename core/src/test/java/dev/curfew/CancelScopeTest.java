package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CancelScopeTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofHours(1);

    private static void awaitExpiry(CancelScope scope) {
        while (!scope.expired()) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO01", "NG13"})
    void workPastItsDeadlineIsStoppedAndThenTheTimeoutIsThrown(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            AtomicReference<CancelScope> scope = new AtomicReference<>();
            AtomicReference<Throwable> signal = new AtomicReference<>();
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    SHORT,
                                    () -> {
                                        scope.set(CancelScope.current());
                                        try {
                                            Blocked.forEver();
                                        } catch (InterruptedException e) {
                                            signal.set(e);
                                            throw e;
                                        } finally {
                                            events.add("cleaned");
                                        }
                                    }))
                    .isInstanceOf(DeadlineExceededException.class)
                    .satisfies(e -> assertThat(e.getCause()).isNotNull().isSameAs(signal.get()));
            assertThat(scope.get().expired()).isTrue();
            events.add("thrown");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
            Thread.sleep(1);
        });
        assertThat(events).containsExactly("cleaned", "thrown");
    }

    @Test
    @Conformance({"TO02", "TO11", "TO25"})
    void movingOnGivesEmptyAndAValueIsKeptThoughItsTimeWasUp() throws Exception {
        AtomicReference<CancelScope> scope = new AtomicReference<>();
        assertThat(
                        CancelScope.<Integer, RuntimeException>withTimeoutOrEmpty(
                                SHORT,
                                () -> {
                                    scope.set(CancelScope.current());
                                    Blocked.forEver();
                                    return 1;
                                }))
                .isEmpty();
        assertThat(scope.get().expired()).isTrue();
        assertThat(CancelScope.withTimeoutOrEmpty(LONG, () -> 2)).contains(2);
        int late =
                CancelScope.withTimeout(
                        SHORT,
                        () -> {
                            scope.set(CancelScope.current());
                            try {
                                Blocked.forEver();
                            } catch (InterruptedException e) {
                                // absorbed
                            }
                            return 3;
                        });
        assertThat(late).isEqualTo(3);
        assertThat(scope.get().expired()).isTrue();
        assertThatThrownBy(() -> CancelScope.withTimeoutOrEmpty(LONG, () -> null))
                .isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TO05")
    void withNoTimeTheBodyStartsAndItsFirstBlockingCallThrows(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                assertThatThrownBy(() ->
                                CancelScope.withTimeout(
                                        Duration.ZERO,
                                        () -> {
                                            events.add("started");
                                            Thread.sleep(60_000);
                                            events.add("wrong");
                                        }))
                        .isInstanceOf(DeadlineExceededException.class));
        assertThat(events).containsExactly("started");
    }

    @Test
    @Conformance({"TO08", "TO09"})
    void aDeadlineThatNobodyWasToldOfIsNoTimeout() throws Exception {
        int value =
                CancelScope.withTimeout(
                        SHORT,
                        () -> {
                            awaitExpiry(CancelScope.current());
                            return 1;
                        });
        assertThat(value).isEqualTo(1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        IOException own = new IOException("own");
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                LONG,
                                () -> {
                                    throw own;
                                }))
                .isSameAs(own)
                .hasNoSuppressedExceptions();
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TC32")
    void aScopeCancelledAfterItsLastBlockingCallEndsNormallyAndSaysThatItWasAsked(Kind kind)
            throws Exception {
        kind.run(() -> {
            AtomicReference<CancelScope> kept = new AtomicReference<>();
            Outcome<Integer> outcome =
                    CancelScope.call(scope -> {
                        kept.set(scope);
                        Thread.sleep(1);
                        scope.cancel("late");
                        return 3;
                    });
            assertThat(outcome).isEqualTo(new Outcome.Succeeded<>(3));
            assertThat(kept.get().isCancelled()).isTrue();
            assertThat(kept.get().reason().orElseThrow().message()).isEqualTo("late");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO14", "UC13", "NG08"})
    void anOutsideCancellationBeatsATimeout(Kind kind) throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel("outside");
                        CancelScope.withTimeout(Duration.ZERO, () -> Thread.sleep(60_000));
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("outside"));
        });
    }

    @Test
    @Conformance({"TO15", "TO16"})
    void aScopeCancelledByHandFirstIsNeverATimeout() throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(1));
        CancelScope.withDeadline(
                deadline,
                () -> {
                    CancelScope scope = CancelScope.current();
                    scope.cancel("by hand");
                    try {
                        Blocked.forEver();
                    } finally {
                        Blocked.until(deadline::isDue);
                        assertThat(scope.expired()).isFalse();
                    }
                });
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                LONG,
                                () -> {
                                    CancelScope.current().cancel();
                                    Blocked.forEver();
                                    return 1;
                                }))
                .isInstanceOf(TaskCancelledException.class);
    }

    @Test
    @Conformance({"TO17", "TO20", "TO21"})
    void aDeadlineCanBeMovedUntilItHasExpiredOrTheScopeHasEnded() throws Exception {
        AtomicReference<CancelScope> kept = new AtomicReference<>();
        CancelScope.withTimeout(
                LONG,
                () -> {
                    CancelScope scope = CancelScope.current();
                    kept.set(scope);
                    scope.reschedule(Deadline.never());
                    assertThat(CancelScope.remaining()).isEmpty();
                    scope.reschedule(Deadline.after(LONG));
                    assertThat(CancelScope.remaining().orElseThrow()).isLessThanOrEqualTo(LONG);
                });
        assertThatThrownBy(() -> kept.get().reschedule(Deadline.never()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                LONG,
                                () -> {
                                    CancelScope scope = CancelScope.current();
                                    scope.reschedule(Deadline.after(SHORT));
                                    try {
                                        Blocked.forEver();
                                    } finally {
                                        assertThatThrownBy(() -> scope.reschedule(Deadline.never()))
                                                .isInstanceOf(IllegalStateException.class);
                                        assertThat(scope.expired()).isTrue();
                                    }
                                }))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"NT02", "NT04", "CU10"})
    void ofNestedTimeoutsTheOutermostConverts(Kind kind) throws Exception {
        kind.run(() -> {
            AtomicReference<Throwable> inner = new AtomicReference<>();
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    SHORT,
                                    () -> {
                                        try {
                                            CancelScope.withTimeout(
                                                    SHORT.plusNanos(1),
                                                    () -> {
                                                        awaitExpiry(CancelScope.current());
                                                        Blocked.forEver();
                                                    });
                                        } catch (Throwable e) {
                                            inner.set(e);
                                            throw e;
                                        }
                                    }))
                    .isInstanceOfSatisfying(
                            DeadlineExceededException.class,
                            e -> assertThat(e.limit()).contains(SHORT));
            assertThat(inner.get()).isInstanceOf(InterruptedException.class);
        });
    }

    @Test
    @Conformance({"NT03"})
    void anInnerTimeoutIsHandledAndTheOuterOneFiresLater() {
        List<String> events = new CopyOnWriteArrayList<>();
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                Duration.ofMillis(60),
                                () -> {
                                    try {
                                        CancelScope.withTimeout(SHORT, () -> Blocked.forEver());
                                    } catch (DeadlineExceededException e) {
                                        events.add("inner");
                                    }
                                    Blocked.forEver();
                                }))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(events).containsExactly("inner");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("SH01")
    void aShieldHoldsBackWhatIsOutsideUntilItIsLeft(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outer ->
                            CancelScope.run(inner -> {
                                inner.cancel("inner");
                                outer.cancel("outer");
                                CancelScope.shield(() ->
                                        CancelScope.shield(() -> {
                                            Thread.sleep(1);
                                            CancelScope.checkpoint();
                                        }));
                                events.add("after");
                                try {
                                    Thread.sleep(60_000);
                                } catch (InterruptedException e) {
                                    events.add("told");
                                    throw e;
                                }
                            }));
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("outer"));
        });
        assertThat(events).containsExactly("after", "told");
    }

    @Test
    @Conformance({"SH08", "CL02"})
    void aShieldsOwnLimitCutsItAndTheOutsideCancellationGoesOn() throws Exception {
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    scope.cancel("outside");
                    CancelScope.shield(
                            SHORT,
                            () -> {
                                assertThat(CancelScope.remaining().orElseThrow())
                                        .isLessThanOrEqualTo(SHORT);
                                Blocked.forEver();
                            });
                });
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> {
                            assertThat(c.reason().message()).isEqualTo("outside");
                            assertThat(c.exception().getSuppressed())
                                    .hasExactlyElementsOfTypes(DeadlineExceededException.class);
                        });
        assertThatThrownBy(() -> CancelScope.shield(SHORT, () -> Blocked.forEver()))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"CL08", "UC12"})
    void aTimeoutWorksInTheCleanUpOfCancelledCode(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel("outside");
                        try {
                            Thread.sleep(60_000);
                        } finally {
                            try {
                                CancelScope.withTimeout(SHORT, () -> Blocked.forEver());
                            } catch (DeadlineExceededException e) {
                                events.add("timeout");
                            }
                        }
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("outside"));
        });
        assertThat(events).containsExactly("timeout");
    }

    @Test
    @Conformance("UC17")
    void anInnerSignalUnderWayIsHandedOnToAnOuterScopeCancelledMeanwhile() throws Exception {
        Outcome<?> outcome =
                CancelScope.run(outer -> {
                    Outcome<?> inner =
                            CancelScope.run(scope -> {
                                scope.cancel("inner");
                                try {
                                    Thread.sleep(60_000);
                                } finally {
                                    outer.cancel("outer");
                                }
                            });
                    throw new AssertionError("not handed on: " + inner);
                });
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo("outer"));
    }

    @Test
    void withoutInterruptsCancellationShowsAtCheckpointsOnly() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        Outcome<?> outcome =
                CancelScope.run(scope ->
                        CancelScope.withoutInterrupts(() -> {
                            scope.cancel();
                            Thread.sleep(1);
                            events.add("undisturbed");
                            CancelScope.checkpoint();
                        }));
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(events).containsExactly("undisturbed");
    }

    @Test
    @Conformance({"TO23", "IN13"})
    void badInputIsRefusedWithAWordOnWhatToDo() {
        assertThatThrownBy(() -> CancelScope.withTimeout(Duration.ofMillis(-1), () -> 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CancelScope.withTimeout(null, () -> 1))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> CancelScope.sleep(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(CancelScope::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TaskGroup");
        assertThatThrownBy(() -> CancelScope.addHook(() -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThat(CancelScope.remaining()).isEmpty();
    }

    @Test
    void hugeDurationsAreForEver() throws Exception {
        Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
        assertThat(CancelScope.<Integer, RuntimeException>withTimeout(huge, () -> 1)).isEqualTo(1);
        assertThat(ExceptionsTest.task("x").joinWithin(huge)).isPresent();
    }

    @Test
    @Conformance({"JV16"})
    void aTimeoutRacingItsWorksEndLeavesNoInterruptAndLosesNoStrangersOne() throws Exception {
        for (int i = 0; i < 3000; i++) {
            long work = 20_000L + i % 80 * 1000L;
            try {
                CancelScope.withTimeout(
                        Duration.ofNanos(60_000),
                        () -> java.util.concurrent.locks.LockSupport.parkNanos(work));
            } catch (DeadlineExceededException e) {
                throw new AssertionError("parking throws nothing", e);
            }
            assertThat(Thread.interrupted()).as("round %d", i).isFalse();
        }
        for (int i = 0; i < 200; i++) {
            Thread.currentThread().interrupt();
            CancelScope.withTimeout(LONG, () -> 1);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("JV16")
    void aStrangersInterruptIsNotTakenForATimeout(Kind kind) throws Exception {
        kind.run(() -> {
            CountDownLatch ready = new CountDownLatch(1);
            Thread body = Thread.currentThread();
            Thread stranger =
                    Thread.ofPlatform()
                            .start(() -> {
                                Blocked.uninterruptibly(ready);
                                body.interrupt();
                            });
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    LONG,
                                    () -> {
                                        ready.countDown();
                                        Blocked.forEver();
                                    }))
                    .isInstanceOf(InterruptedException.class)
                    .isNotInstanceOf(CancelledException.class);
            stranger.join();
        });
    }
}
