package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a deadline ends work, and when it does not. */
@Timeout(60)
class TimeoutsTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofHours(1);

    /** Returns when the timer has dealt with all that was due when this was called. */
    private static void awaitTheTimer() throws InterruptedException {
        CancelScope.withTimeoutOrEmpty(
                        SHORT,
                        () -> {
                            Blocked.forEver();
                            return 1;
                        })
                .ifPresent(value -> {
                    throw new AssertionError("not stopped");
                });
    }

    // ---- ending in time ------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance("TO03")
    void workThatEndedInTimeIsNotToldWhenItsDeadlineComes(Kind kind) throws Exception {
        kind.run(() -> {
            Deadline deadline = Deadline.after(Duration.ofSeconds(2));
            AtomicReference<CancelScope> scope = new AtomicReference<>();
            CancelScope.withDeadline(deadline, () -> scope.set(CancelScope.current()));
            assertThat(deadline.isDue()).isFalse();
            Blocked.until(deadline::isDue);
            awaitTheTimer();

            assertThat(scope.get().expired()).isFalse();
            assertThat(scope.get().isCancelled()).isFalse();
            assertThat(scope.get().reason()).isEmpty();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TO03")
    void workThatEndedInTimeIsNotHeldByTheTimer(Kind kind) throws Exception {
        kind.run(() -> {
            WeakReference<CancelScope> ended = ended();
            Blocked.until(() -> {
                System.gc();
                return ended.get() == null;
            });
        });
    }

    private static WeakReference<CancelScope> ended() throws InterruptedException {
        AtomicReference<CancelScope> scope = new AtomicReference<>();
        CancelScope.withTimeout(LONG, () -> scope.set(CancelScope.current()));
        return new WeakReference<>(scope.get());
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO09", "TO12"})
    void whatTheWorkThrowsOfItselfIsNoTimeoutAlsoIfItLooksLikeOne(Kind kind) throws Exception {
        kind.run(() -> {
            AtomicReference<CancelScope> scope = new AtomicReference<>();
            for (Exception own :
                    List.of(
                            new IOException("own"),
                            new TimeoutException("own"),
                            new SocketTimeoutException("own"))) {
                assertThatThrownBy(() ->
                                CancelScope.withTimeout(
                                        LONG,
                                        () -> {
                                            scope.set(CancelScope.current());
                                            throw own;
                                        }))
                        .isSameAs(own)
                        .hasNoCause()
                        .hasNoSuppressedExceptions();
                assertThat(scope.get().expired()).isFalse();
            }
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    LONG,
                                    () -> {
                                        scope.set(CancelScope.current());
                                        CancelScope.withTimeout(SHORT, () -> Blocked.forEver());
                                    }))
                    .isInstanceOfSatisfying(
                            DeadlineExceededException.class,
                            e -> assertThat(e.limit()).contains(SHORT));
            assertThat(scope.get().expired()).isFalse();
        });
    }

    // ---- being stopped -------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO05", "TO06"})
    void withADeadlineThatIsDueTheWorkStartsAndItsFirstBlockingCallOfAnyKindThrows(Kind kind)
            throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch mayEnd = new CountDownLatch(1);
            Task<?> running = group.fork(() -> Blocked.await(mayEnd));
            AtomicInteger forked = new AtomicInteger();
            List<VoidWork<Exception>> calls =
                    List.of(
                            () -> Thread.sleep(60_000),
                            () -> CancelScope.sleep(LONG),
                            CancelScope::checkpoint,
                            () -> running.join(),
                            () -> Tasks.joinFirst(List.of(running)),
                            () ->
                                    TaskGroup.run(inner -> {
                                        inner.fork(() -> {
                                            forked.incrementAndGet();
                                            Thread.sleep(60_000);
                                            forked.incrementAndGet();
                                        });
                                        Blocked.forEver();
                                    }));
            List<Deadline> due =
                    List.of(
                            Deadline.after(Duration.ZERO),
                            Deadline.at(Instant.now().minusSeconds(1)),
                            Deadline.at(Instant.MIN));
            for (Deadline deadline : due) {
                for (VoidWork<Exception> call : calls) {
                    List<String> events = new CopyOnWriteArrayList<>();
                    kind.run(() ->
                            assertThatThrownBy(() ->
                                            CancelScope.withDeadline(
                                                    deadline,
                                                    () -> {
                                                        events.add("started");
                                                        call.run();
                                                        events.add("went on");
                                                    }))
                                    .isInstanceOf(DeadlineExceededException.class));
                    assertThat(events).containsExactly("started");
                }
            }
            assertThat(forked).hasValue(due.size());
            mayEnd.countDown();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO24", "TO36"})
    void aTimeoutThatHitsABodyAndItsTasksLeavesOnceAndAfterTheirCleanUp(Kind kind)
            throws Exception {
        List<Slow> slow = List.of(new Slow(), new Slow());
        List<Task<?>> tasks = new CopyOnWriteArrayList<>();
        CountDownLatch told = new CountDownLatch(1);
        kind.run(() -> {
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    LONG,
                                    () -> {
                                        timeUpOnceBlocked(slow, told);
                                        TaskGroup.run(group -> {
                                            slow.forEach(s -> tasks.add(group.fork(s)));
                                            try {
                                                Blocked.forEver();
                                            } finally {
                                                told.countDown();
                                            }
                                        });
                                    }))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasNoSuppressedExceptions()
                    .hasCauseInstanceOf(InterruptedException.class)
                    .satisfies(e -> assertThat(e.getCause()).hasNoSuppressedExceptions());
            assertThat(slow).allSatisfy(s -> assertThat(s.written()).isEqualTo(42));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
        });
        assertThat(tasks)
                .hasSize(2)
                .allSatisfy(t ->
                        assertThat(t.join())
                                .isInstanceOfSatisfying(
                                        Outcome.Cancelled.class,
                                        c ->
                                                assertThat(c.reason().kind())
                                                        .isEqualTo(CancelReason.Kind.TIMED_OUT)));
    }

    /**
     * The caller's scope expires once its tasks run and it blocks; they end when it waits again.
     */
    private static void timeUpOnceBlocked(List<Slow> tasks, CountDownLatch told) {
        Thread body = Thread.currentThread();
        CancelScope scope = CancelScope.current();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    tasks.forEach(s -> Blocked.uninterruptibly(s.started));
                    Blocked.await(body);
                    scope.reschedule(Deadline.after(Duration.ZERO));
                    tasks.forEach(s -> Blocked.uninterruptibly(s.cleaning));
                    Blocked.uninterruptibly(told);
                    Blocked.await(body);
                    tasks.forEach(s -> s.mayEnd.countDown());
                });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO13", "TO27", "NT05"})
    void aCancellationFromOutsideStopsTheWorkOfRunningTimeoutsAndIsNoTimeout(Kind kind)
            throws Exception {
        Slow slow = new Slow();
        List<CancelScope> timeouts = new CopyOnWriteArrayList<>();
        List<String> events = new CopyOnWriteArrayList<>();
        CountDownLatch told = new CountDownLatch(1);
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outside -> {
                        CancelScope.withTimeout(
                                LONG,
                                () -> {
                                    timeouts.add(CancelScope.current());
                                    try {
                                        CancelScope.withTimeout(
                                                LONG.dividedBy(2),
                                                () -> {
                                                    timeouts.add(CancelScope.current());
                                                    cancelledOnceBlocked(outside, slow, told);
                                                    TaskGroup.run(group -> {
                                                        group.fork(slow);
                                                        try {
                                                            Blocked.forEver();
                                                        } finally {
                                                            told.countDown();
                                                        }
                                                    });
                                                });
                                    } catch (InterruptedException e) {
                                        events.add("told, task at " + slow.written());
                                        throw e;
                                    }
                                    events.add("the outer timeout's work went on");
                                });
                        events.add("what is around both went on");
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("outside"));
            assertThat(timeouts).hasSize(2).noneMatch(CancelScope::expired);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        assertThat(events).containsExactly("told, task at 42");
    }

    private static void cancelledOnceBlocked(CancelScope scope, Slow task, CountDownLatch told) {
        Thread body = Thread.currentThread();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    Blocked.uninterruptibly(task.started);
                    Blocked.await(body);
                    scope.cancel("outside");
                    Blocked.uninterruptibly(task.cleaning);
                    Blocked.uninterruptibly(told);
                    Blocked.await(body);
                    task.mayEnd.countDown();
                });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TO14")
    void ofACancellationAndAnExpiryThatNobodyWasToldOfYetTheCancellationWins(Kind kind)
            throws Exception {
        for (boolean expiryFirst : new boolean[] {true, false}) {
            kind.run(() -> {
                AtomicInteger goneOn = new AtomicInteger();
                Outcome<?> outcome =
                        CancelScope.run(outside -> {
                            CancelScope.withTimeout(
                                    LONG,
                                    () -> {
                                        CancelScope timed = CancelScope.current();
                                        if (!expiryFirst) {
                                            outside.cancel("outside");
                                        }
                                        timed.reschedule(Deadline.after(Duration.ZERO));
                                        assertThat(timed.expired()).isTrue();
                                        outside.cancel("outside");
                                        Thread.sleep(60_000);
                                    });
                            goneOn.incrementAndGet();
                        });
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> assertThat(c.reason().message()).isEqualTo("outside"));
                assertThat(goneOn).hasValue(0);
            });
        }
    }

    // ---- moving
    // ----------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO17", "TO19"})
    void aDeadlineThatWasMovedOrTakenAwayDoesNotFireAndTheNewOneDoes(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Deadline first = Deadline.after(Duration.ofSeconds(2));
            assertThatThrownBy(() ->
                            CancelScope.withDeadline(
                                    first,
                                    () -> {
                                        CancelScope moved = CancelScope.current();
                                        CancelScope.withDeadline(
                                                first,
                                                () -> {
                                                    CancelScope freed = CancelScope.current();
                                                    moved.reschedule(Deadline.after(LONG));
                                                    freed.reschedule(Deadline.never());
                                                    Blocked.until(first::isDue);
                                                    awaitTheTimer();
                                                    assertThat(moved.expired()).isFalse();
                                                    assertThat(freed.expired()).isFalse();
                                                    Thread.sleep(1);
                                                    CancelScope.checkpoint();
                                                    events.add("undisturbed");
                                                });
                                        moved.reschedule(Deadline.after(SHORT));
                                        events.add("moved");
                                        Blocked.forEver();
                                    }))
                    .isInstanceOf(DeadlineExceededException.class);
        });
        assertThat(events).containsExactly("undisturbed", "moved");
    }
}
