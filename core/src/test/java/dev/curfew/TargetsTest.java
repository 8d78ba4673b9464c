package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets that have ended, are asked by several, or withdraw what they were asked. */
@Timeout(60)
class TargetsTest {
    private static Void failing(Exception e) throws Exception {
        throw e;
    }

    private static void keepGoing(VoidBlock<?> block) throws Exception {
        TaskGroup.run(config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING), block);
    }

    @Test
    @Conformance("AC03")
    void ofATaskThatHasFailedItReturnsTheFailureWhichIsUnreadUntilThen() throws Exception {
        IOException read = new IOException("read");
        IOException unread = new IOException("unread");
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        try (var _ = Reports.capture((_, _, problem) -> reported.add(problem))) {
            keepGoing(group -> {
                Task<?> task = group.fork(() -> failing(read));
                Task<?> other = group.fork(() -> failing(unread));
                Blocked.until(() -> task.state() == Task.State.FAILED);
                Blocked.until(() -> other.state() == Task.State.FAILED);
                var unused =
                        CancelScope.run(scope -> {
                            scope.cancel();
                            assertThat(task.cancelAndJoin())
                                    .isInstanceOfSatisfying(
                                            Outcome.Failed.class,
                                            f -> assertThat(f.exception()).isSameAs(read));
                        });
                assertThat(other.cancel()).isFalse();
            });
        }
        assertThat(reported).containsExactly(unread);
    }

    @Test
    @Conformance("AC09")
    void aThirdPartysRequestDuringTheCleanUpIsTheTargetsAndNotTheCallers() throws Exception {
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            Task<?> target = group.fork(slow);
            Blocked.await(slow.started);
            AtomicReference<Thread> callers = new AtomicReference<>();
            Task<Outcome<?>> caller =
                    group.fork(() -> {
                        callers.set(Thread.currentThread());
                        Outcome<?> outcome = target.cancelAndJoin();
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        CancelScope.checkpoint();
                        return outcome;
                    });
            Blocked.await(slow.cleaning);
            Blocked.await(callers.get()); // its own interrupt has been sent
            assertThat(target.cancel("third")).isTrue();
            assertThat(target.cancelling()).isEqualTo(2);
            Blocked.until(() -> slow.signalsInCleanUp.get() == 1);
            assertThat(caller.outcome()).isEmpty();
            slow.mayEnd.countDown();

            assertThat(caller.await()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(caller.cancelling()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC04")
    void aTargetThatHasNotBegunIsAskedAndWaitedFor(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        AtomicReference<Task<?>> target = new AtomicReference<>();
        ThreadFactory begunOnceAsked =
                body ->
                        Thread.ofPlatform()
                                .unstarted(() -> {
                                    Blocked.until(() ->
                                            target.get() != null && target.get().cancelling() == 1);
                                    events.add("begins");
                                    body.run();
                                });
        kind.run(() ->
                TaskGroup.run(
                        config -> config.withThreadFactory(begunOnceAsked),
                        group -> {
                            target.set(
                                    group.fork(() -> {
                                        events.add("body");
                                        Blocked.forEver();
                                    }));
                            Outcome<?> outcome = target.get().cancelAndJoin();
                            events.add("returned");
                            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                            assertThat(target.get().state()).isEqualTo(Task.State.CANCELLED);
                        }));
        assertThat(events).containsExactly("begins", "body", "returned");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC11")
    void aTargetThatSwallowsTheRequestIsReturnedAsSucceeded(Kind kind) throws Exception {
        kind.run(() ->
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
                    assertThat(target.cancelAndJoin()).isEqualTo(new Outcome.Succeeded<>(1));
                    assertThat(target.state()).isEqualTo(Task.State.SUCCEEDED);
                    assertThat(target.absorbed()).isTrue();
                    CancelScope.checkpoint();
                }));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC14")
    void aTargetThatIsFailingAlreadyIsWaitedForAndReturnedWithAllItsFailures(Kind kind)
            throws Exception {
        IOException first = new IOException("first");
        IllegalStateException second = new IllegalStateException("in clean-up");
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                keepGoing(group -> {
                    CountDownLatch cleaning = new CountDownLatch(1);
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    Task<?> target =
                            group.fork(() ->
                                    TaskGroup.run(inner -> {
                                        inner.fork(() -> {
                                            try {
                                                Blocked.await(mayEnd);
                                            } catch (InterruptedException e) {
                                                cleaning.countDown();
                                                Blocked.uninterruptibly(mayEnd);
                                                events.add("cleaned up");
                                                throw second;
                                            }
                                        });
                                        inner.fork(() -> failing(first));
                                        Blocked.forEver();
                                    }));
                    Blocked.await(cleaning);
                    group.fork(() -> {
                        Blocked.until(() -> target.cancelling() == 1);
                        mayEnd.countDown();
                    });
                    Outcome<?> outcome = target.cancelAndJoin();
                    events.add("returned");
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f ->
                                            assertThat(f.exception())
                                                    .isInstanceOfSatisfying(
                                                            TaskFailedException.class,
                                                            e ->
                                                                    assertThat(e.failures())
                                                                            .containsExactly(
                                                                                    first,
                                                                                    second)));
                }));
        assertThat(events).containsExactly("cleaned up", "returned");
    }

    @Test
    @Conformance("AC23")
    void ofTwoThatWaitForEachOtherTheCancelledOneEndsAndTheOtherLearnsIt() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        TaskGroup.run(group -> {
            CompletableFuture<Task<?>> other = new CompletableFuture<>();
            CompletableFuture<Thread> waits = new CompletableFuture<>();
            CountDownLatch refused = new CountDownLatch(1);
            CountDownLatch hasEnded = new CountDownLatch(1);
            Task<?> a =
                    group.fork(() -> {
                        Task<?> target = other.join();
                        waits.complete(Thread.currentThread());
                        return target.await();
                    });
            Task<?> b =
                    group.fork(() -> {
                        Blocked.await(waits.join());
                        assertThatThrownBy(a::await).isInstanceOf(WaitCycleException.class);
                        refused.countDown();
                        Blocked.await(hasEnded);
                        seen.complete(catchThrowable(a::await));
                    });
            other.complete(b);
            Blocked.await(refused);
            a.cancel("by hand");
            assertThat(a.join()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(b.state()).isEqualTo(Task.State.RUNNING);
            hasEnded.countDown();

            assertThat(b.join()).isInstanceOf(Outcome.Succeeded.class);
            assertThat(seen.join())
                    .isInstanceOfSatisfying(
                            TaskCancelledException.class,
                            e -> {
                                assertThat(e.task()).containsSame(a);
                                assertThat(e.reason().message()).isEqualTo("by hand");
                            });
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC30")
    void askedForItsValueACancelledTargetIsNamedWithItsReasonAndTheCallerIsNotCancelled(Kind kind)
            throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    Task<?> target = group.fork(() -> Blocked.forEver());
                    target.cancel("by a third");
                    Outcome<?> outcome = target.join();
                    for (ThrowingCallable ask :
                            List.<ThrowingCallable>of(target::await, outcome::get)) {
                        assertThatThrownBy(ask)
                                .hasCauseInstanceOf(InterruptedException.class)
                                .isInstanceOfSatisfying(
                                        TaskCancelledException.class,
                                        e -> {
                                            assertThat(e.task()).containsSame(target);
                                            assertThat(e.reason().message())
                                                    .isEqualTo("by a third");
                                        });
                    }
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    CancelScope.checkpoint();
                }));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC32")
    void oneOfManyIsStoppedAndNeitherItsSiblingsNorTheBodyAreDisturbed(Kind kind) throws Exception {
        kind.run(() -> {
            int value =
                    TaskGroup.call(group -> {
                        CountDownLatch running = new CountDownLatch(1);
                        CountDownLatch mayEnd = new CountDownLatch(1);
                        Task<Integer> sibling =
                                group.fork(() -> {
                                    running.countDown();
                                    Blocked.await(mayEnd);
                                    CancelScope.checkpoint();
                                    return 4;
                                });
                        Task<?> target = group.fork(() -> Blocked.forEver());
                        Blocked.await(running);
                        assertThat(target.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(group.reason()).isEmpty();
                        assertThat(sibling.state()).isEqualTo(Task.State.RUNNING);
                        Thread.sleep(1);
                        CancelScope.checkpoint();
                        mayEnd.countDown();
                        return sibling.await() + group.fork(() -> 1).await();
                    });
            assertThat(value).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("AC34")
    void aTargetInACallThatDoesNotReactIsWaitedForAndThenStoppedByTheRequest(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        ServiceGroup others = ServiceGroup.open("others");
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        TaskGroup.run(
                config ->
                        kind == Kind.PLATFORM
                                ? config.withThreadFactory(Thread.ofPlatform().factory())
                                : config,
                group -> {
                    Task<?> target =
                            group.fork(() -> {
                                lock.lock();
                                events.add("through");
                                CancelScope.checkpoint();
                                events.add("went on");
                            });
                    Blocked.until(lock::hasQueuedThreads);
                    CompletableFuture<Thread> calling = new CompletableFuture<>();
                    Task<Outcome<?>> caller =
                            group.fork(() -> {
                                calling.complete(Thread.currentThread());
                                Outcome<?> outcome = target.cancelAndJoin();
                                events.add("joined");
                                return outcome;
                            });
                    try {
                        Blocked.until(() -> target.cancelling() == 1);
                        Blocked.await(calling.join());
                        Deliveries.await(others);
                        assertThatThrownBy(() -> target.cancelAndJoinWithin(Duration.ofMillis(20)))
                                .isInstanceOf(UnresponsiveTaskException.class)
                                .hasMessageContaining("lockInterruptibly()");
                        assertThat(caller.outcome()).isEmpty();
                    } finally {
                        lock.unlock();
                    }

                    assertThat(caller.await()).isInstanceOf(Outcome.Cancelled.class);
                });
        others.close();
        assertThat(events).containsExactly("through", "joined");
    }

    @Test
    @Conformance("UC01")
    void requestsAndWithdrawalsAreCountedAndNeverBelowZero() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch asked = new CountDownLatch(1);
            Task<List<Integer>> task =
                    group.fork(() -> {
                        Task<?> self = Task.current().orElseThrow();
                        started.countDown();
                        Blocked.uninterruptibly(asked);
                        Thread.interrupted();
                        return List.of(
                                self.cancelling(),
                                self.uncancel(),
                                self.uncancel(),
                                self.uncancel(),
                                self.cancelling());
                    });
            Blocked.await(started);
            task.cancel();
            task.cancel();
            asked.countDown();

            assertThat(task.await()).containsExactly(2, 1, 0, 0, 0);
            assertThatThrownBy(task::uncancel).isInstanceOf(IllegalStateException.class);
            assertThat(task.cancelling()).isZero();
            assertThat(task.absorbed()).isFalse();
        });
    }
}
