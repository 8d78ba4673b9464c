package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks whose owner is cancelled from outside. */
class OwnerTest {
    private static final Duration LONG = Duration.ofDays(1);

    private static Void failing(Exception e) throws Exception {
        throw e;
    }

    /** Acts once the calling thread waits. */
    private static void onceBlocked(Runnable action) {
        Thread caller = Thread.currentThread();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    Blocked.await(caller);
                    action.run();
                });
    }

    private static void assertCancelled(Outcome<?> outcome, String why) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo(why));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TG14", "TG33"})
    void cancelledInItsBodyOneBareCancellationLeavesOnceAllTasksHaveEnded(Kind kind)
            throws Exception {
        int many = 100;
        kind.run(() -> {
            AtomicReference<Throwable> left = new AtomicReference<>();
            AtomicInteger ended = new AtomicInteger();
            AtomicInteger endedBefore = new AtomicInteger();
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        try {
                            TaskGroup.run(group -> {
                                CountDownLatch started = new CountDownLatch(many);
                                CountDownLatch cleaning = new CountDownLatch(many);
                                for (int i = 0; i < many; i++) {
                                    group.fork(() -> {
                                        try {
                                            started.countDown();
                                            Blocked.forEver();
                                        } finally {
                                            cleaning.countDown();
                                            Blocked.await(cleaning);
                                            CancelScope.shield(() -> Thread.sleep(1));
                                            ended.incrementAndGet();
                                        }
                                    });
                                }
                                Blocked.await(started);
                                onceBlocked(() -> scope.cancel("outside"));
                                Blocked.forEver();
                            });
                        } catch (InterruptedException | RuntimeException e) {
                            endedBefore.set(ended.get());
                            left.set(e);
                            throw e;
                        }
                    });
            assertCancelled(outcome, "outside");
            assertThat(endedBefore).hasValue(many);
            assertThat(left.get())
                    .isInstanceOf(InterruptedException.class)
                    .hasNoCause()
                    .hasNoSuppressedExceptions();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("UC14")
    void whatComesFromOutsideWhileABlockCancelledByHandDrainsLeavesWithItsOwnReason(Kind kind)
            throws Exception {
        List<String> wentOn = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Slow slow = new Slow();
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        draining(slow, () -> scope.cancel("outside"));
                        wentOn.add("after a request");
                    });
            assertCancelled(outcome, "outside");
            assertThat(slow.written()).isEqualTo(42);

            Slow late = new Slow();
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    LONG,
                                    () -> {
                                        CancelScope scope = CancelScope.current();
                                        draining(
                                                late,
                                                () ->
                                                        scope.reschedule(
                                                                Deadline.after(Duration.ZERO)));
                                        wentOn.add("after a deadline");
                                    }))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThat(late.written()).isEqualTo(42);
        });
        assertThat(wentOn).isEmpty();
    }

    /** A block that was cancelled by hand, and waits for its task when the action comes. */
    private static void draining(Slow slow, Runnable action) throws InterruptedException {
        TaskGroup.run(group -> {
            group.fork(slow);
            Blocked.await(slow.started);
            group.cancel("by hand");
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        Blocked.untilRefused(group);
                        Blocked.uninterruptibly(slow.cleaning);
                        action.run();
                        slow.mayEnd.countDown();
                    });
        });
        assertThat(slow.signalsInCleanUp).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG17")
    void whatATaskHasAbsorbedShowsAfterABlockThatNeedNotWaitAtTheNextOne(Kind kind)
            throws Exception {
        List<Object> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        int value =
                                TaskGroup.call(group -> {
                                    CountDownLatch started = new CountDownLatch(1);
                                    AtomicReference<Thread> thread = new AtomicReference<>();
                                    Task<Integer> task =
                                            group.fork(() -> {
                                                thread.set(Thread.currentThread());
                                                started.countDown();
                                                try {
                                                    Blocked.forEver();
                                                } catch (InterruptedException e) {
                                                    return 1; // absorbed
                                                }
                                                return 0;
                                            });
                                    Blocked.await(started);
                                    scope.cancel("outside");
                                    CancelScope.shield(() -> {
                                        thread.get().join(); // then it is counted out, too
                                        events.add(task.await());
                                        events.add(task.absorbed());
                                    });
                                    return 5;
                                });
                        events.add(value);
                        Thread.sleep(600_000);
                        events.add("went on");
                    });
            assertCancelled(outcome, "outside");
        });
        assertThat(events).containsExactly(1, true, 5);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG19")
    void whatTheBodyMakesOfTheSignalLeavesAsItselfOnceAllHasEnded(Kind kind) throws Exception {
        kind.run(() -> {
            for (boolean withCause : new boolean[] {true, false}) {
                Slow slow = new Slow();
                IOException converted = new IOException("converted");
                List<String> events = new CopyOnWriteArrayList<>();
                Outcome<?> outcome =
                        CancelScope.run(scope -> {
                            Throwable left =
                                    catchThrowable(() ->
                                            TaskGroup.run(group -> {
                                                group.fork(slow);
                                                Blocked.await(slow.started);
                                                scope.cancel("outside");
                                                try {
                                                    Blocked.forEver();
                                                } catch (InterruptedException e) {
                                                    if (withCause) {
                                                        converted.initCause(e);
                                                    }
                                                    onceBlocked(slow.mayEnd::countDown);
                                                    throw converted;
                                                }
                                            }));
                            assertThat(left).isSameAs(converted).hasNoSuppressedExceptions();
                            assertThat(slow.written()).isEqualTo(42);
                            events.add("left");
                            CancelScope.checkpoint();
                            events.add("went on");
                        });
                assertCancelled(outcome, "outside");
                assertThat(events).containsExactly("left");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG41")
    void ofASupervisorTheTasksAreCancelledAndAwaitedAndTheFailuresKept(Kind kind) throws Exception {
        kind.run(() -> {
            for (boolean inBody : new boolean[] {true, false}) {
                List<String> handled = new CopyOnWriteArrayList<>();
                Slow slow = new Slow();
                Outcome<?> outcome =
                        CancelScope.run(scope -> {
                            try {
                                supervising(handled, slow, inBody, () -> scope.cancel("outside"));
                            } finally {
                                assertThat(slow.written()).isEqualTo(42);
                                assertThat(handled).containsExactly("kept", "in clean-up");
                            }
                        });
                assertCancelled(outcome, "outside");
                assertThat(slow.signalsInCleanUp).hasValue(0);
            }
        });
    }

    private static void supervising(
            List<String> handled, Slow slow, boolean inBody, Runnable cancel)
            throws InterruptedException {
        TaskGroup.run(
                config ->
                        config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                .withFailureHandler((_, e) -> handled.add(e.getMessage())),
                group -> {
                    Task<?> failed = group.fork(() -> failing(new IOException("kept")));
                    group.fork(slow);
                    CountDownLatch started = new CountDownLatch(1);
                    group.fork(() -> {
                        try {
                            started.countDown();
                            Blocked.forEver();
                        } finally {
                            failing(new IOException("in clean-up"));
                        }
                    });
                    Blocked.await(slow.started);
                    Blocked.await(started);
                    Blocked.until(() -> failed.state() == Task.State.FAILED);
                    onceBlocked(() -> {
                        cancel.run();
                        Blocked.uninterruptibly(slow.cleaning);
                        slow.mayEnd.countDown();
                    });
                    if (inBody) {
                        Blocked.forEver();
                    }
                });
    }
}
