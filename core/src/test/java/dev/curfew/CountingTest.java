package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests to a task are counted, by what they are to its blocks and scopes. */
class CountingTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofDays(1);

    private static Void failing(Exception e) throws Exception {
        throw e;
    }

    private static int count() {
        return Task.current().orElseThrow().cancelling();
    }

    // ---- a block that cancels its own task -----------------------------------------------------

    /** What a library can build: asks its own task to stop, and takes that back at its end. */
    private static boolean cutShort(VoidWork<? extends Exception> body) throws Exception {
        Task<?> self = Task.current().orElseThrow();
        int before = self.cancelling();
        self.cancel("cut short");
        boolean told = false;
        try {
            body.run();
        } catch (InterruptedException e) {
            told = true;
            if (self.uncancel() > before) {
                throw e;
            }
        } finally {
            if (!told) {
                self.uncancel();
            }
        }
        return told;
    }

    @Test
    @Conformance({"UC02", "UC01"})
    void afterABlockThatHasWithdrawnItsOwnRequestCodeRunsUndisturbed() throws Exception {
        IOException own = new IOException("own");
        TaskGroup.run(group -> {
            Task<List<Object>> task =
                    group.fork(() -> {
                        List<Object> events = new CopyOnWriteArrayList<>();
                        events.add(cutShort(() -> Thread.sleep(600_000)));
                        events.add(cutShort(() -> CancelScope.sleep(LONG)));
                        events.add(cutShort(() -> events.add("did not block")));
                        assertThatThrownBy(() -> cutShort(() -> failing(own))).isSameAs(own);
                        events.add(count());
                        CancelScope.checkpoint();
                        CancelScope.sleep(Duration.ofNanos(1));
                        Thread.sleep(1);
                        return events;
                    });
            assertThat(task.await()).containsExactly(true, true, "did not block", false, 0);
            assertThat(task.absorbed()).isFalse();
        });
        assertThat(own).hasNoSuppressedExceptions();
    }

    @Test
    @Conformance("UC02")
    void aBlockThatHasWithdrawnItsOwnRequestLetsAnothersPass() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch asked = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        try {
                            cutShort(() -> {
                                inside.countDown();
                                Blocked.uninterruptibly(asked);
                                CancelScope.checkpoint();
                            });
                            events.add("went on");
                        } finally {
                            events.add("count " + count());
                        }
                    });
            Blocked.await(inside);
            task.cancel("outside");
            asked.countDown();
            assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("count 1");
    }

    @Test
    @Conformance("UC01")
    void afterItsEndATaskWithdrawsNothing() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Task<?> task = group.fork(() -> Blocked.forEver());
            task.onEnd(_ -> {
                try {
                    task.uncancel();
                } catch (IllegalStateException e) {
                    events.add("refused");
                }
            });
            task.cancelAndJoin();
            Blocked.until(() -> !events.isEmpty());
            assertThatThrownBy(task::uncancel).isInstanceOf(IllegalStateException.class);
            assertThat(task.cancelling()).isOne();
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        });
        assertThat(events).containsExactly("refused");
    }

    // ---- a request meets a block or a scope ----------------------------------------------------

    @Test
    @Conformance({"UC08", "TG18"})
    void aFailureBeatsARequestToTheOwnerWhichStaysCountedAndPending() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(2);
            Task<?> owner =
                    group.fork(() -> {
                        try {
                            TaskGroup.run(inner -> {
                                inner.fork(() -> {
                                    try {
                                        inside.countDown();
                                        Blocked.forEver();
                                    } finally {
                                        failing(new IOException("clean-up"));
                                    }
                                });
                                inside.countDown();
                                Blocked.forEver();
                            });
                        } catch (TaskFailedException e) {
                            events.add(e.getCause().getMessage() + ", count " + count());
                        }
                        try {
                            Thread.sleep(600_000);
                        } catch (InterruptedException e) {
                            events.add("told, count " + count());
                            throw e;
                        }
                    });
            Blocked.await(inside);
            owner.cancel("outside");
            assertThat(owner.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("outside"));
        });
        assertThat(events).containsExactly("clean-up, count 1", "told, count 1");
    }

    /** What code can be in that is not cancelled itself. */
    private enum Around {
        SCOPE(work -> {
            var unused = CancelScope.run(_ -> work.run());
        }),
        TIMEOUT(work -> CancelScope.withTimeout(LONG, work)),
        TIMEOUT_OR_EMPTY(work -> {
            var unused =
                    CancelScope.withTimeoutOrEmpty(
                            LONG,
                            () -> {
                                work.run();
                                return 1;
                            });
        }),
        BLOCK(work -> TaskGroup.run(_ -> work.run())),
        BLOCK_WITH_A_TASK(work ->
                TaskGroup.run(group -> {
                    group.fork(() -> Blocked.forEver());
                    work.run();
                })),
        HOOK(work -> {
            try (Registration _ = CancelScope.addHook(() -> {})) {
                work.run();
            }
        });

        final VoidItemWork<VoidWork<Exception>> call;

        Around(VoidItemWork<VoidWork<Exception>> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("UC10")
    void aRequestFromOutsideGoesThroughWhatIsNotCancelledItself(Around around) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> owner =
                    group.fork(() -> {
                        try {
                            around.call.run(() -> {
                                inside.countDown();
                                Blocked.forEver();
                            });
                            events.add("went on");
                        } finally {
                            events.add("count " + count());
                        }
                    });
            Blocked.await(inside);
            owner.cancel("outside");
            assertThat(owner.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("outside"));
        });
        assertThat(events).containsExactly("count 1");
    }

    // ---- what is entered by a task that has been cancelled before ------------------------------

    @Test
    @Conformance({"UC12", "UC11"})
    void whatACancelledTasksCleanUpEntersIsJudgedByWhatCameAfterItsEntry() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        IOException problem = new IOException("task");
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        try {
                            inside.countDown();
                            Blocked.forEver();
                        } finally {
                            cleanUp(events, problem);
                        }
                    });
            Blocked.await(inside);
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events)
                .containsExactly(
                        "timeout 1", "empty 1", "failure 1", "block 1", "scope 1", "slept 1");
    }

    private static void cleanUp(List<String> events, IOException problem) throws Exception {
        assertThatThrownBy(() -> CancelScope.withTimeout(SHORT, () -> Blocked.forEver()))
                .isInstanceOf(DeadlineExceededException.class);
        events.add("timeout " + count());
        assertThat(
                        CancelScope.<Integer, RuntimeException>withTimeoutOrEmpty(
                                SHORT,
                                () -> {
                                    Blocked.forEver();
                                    return 1;
                                }))
                .isEmpty();
        events.add("empty " + count());
        assertThatThrownBy(() ->
                        TaskGroup.run(inner -> {
                            inner.fork(() -> failing(problem));
                            Blocked.forEver();
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(problem);
        events.add("failure " + count());
        TaskGroup.run(inner -> {
            inner.cancel();
            Blocked.forEver();
        });
        events.add("block " + count());
        Outcome<?> outcome =
                CancelScope.run(inner -> {
                    inner.cancel("inner");
                    Blocked.forEver();
                });
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.exception()).isInstanceOf(InterruptedException.class));
        events.add("scope " + count());
        Thread.sleep(1);
        events.add("slept " + count());
    }
}
