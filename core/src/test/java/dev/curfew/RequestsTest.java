package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask, what several requests come to, and what those are told who are asked. */
class RequestsTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofDays(1);

    private static Integer failing(Exception e) throws Exception {
        throw e;
    }

    // ---- requests that come too late -----------------------------------------------------------

    @Test
    @Conformance({"TC04", "UC01"})
    void aRequestToATaskThatHasEndedHoweverItEndedChangesNothing() throws Exception {
        List<String> reported = new CopyOnWriteArrayList<>();
        try (var _ = Reports.capture((id, message, _) -> reported.add(id + message))) {
            TaskGroup.run(group -> {
                Task<Integer> value = group.fork(() -> 7);
                Task<Integer> failed = group.forkIsolated(() -> failing(new IOException("own")));
                Task<Integer> cancelled =
                        group.fork(() -> {
                            Blocked.forEver();
                            return 1;
                        });
                cancelled.cancel("first");
                for (Task<?> task : List.of(value, failed, cancelled)) {
                    var before = task.join();
                    Task.State state = task.state();
                    int count = task.cancelling();

                    assertThat(task.cancel("late")).isFalse();
                    assertThat(task.state()).isEqualTo(state);
                    assertThat(task.cancelling()).isEqualTo(count);
                    assertThat(task.absorbed()).isFalse();
                    assertThat(task.join()).isEqualTo(before);
                }
                assertThat(value.await()).isEqualTo(7);
                assertThat(failed.state()).isEqualTo(Task.State.FAILED);
                assertThat(cancelled.cancelling()).isOne();
                assertThat(cancelled.join())
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> assertThat(c.reason().message()).isEqualTo("first"));
            });
        }
        assertThat(reported).isEmpty();
    }

    // ---- several requests ----------------------------------------------------------------------

    @Test
    @Conformance({"TC05", "TC17"})
    void twoRequestsBeforeDeliveryAreOneSignalBothCountedAndTheFirstReasonStays() throws Exception {
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch mayBlock = new CountDownLatch(1);
        AtomicInteger signals = new AtomicInteger();
        List<String> told = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() -> {
                        CancelScope.shield(() -> {
                            computing.countDown();
                            Blocked.await(mayBlock);
                        });
                        for (int i = 0; i < 2; i++) {
                            try {
                                Thread.sleep(i == 0 ? 60_000 : 50);
                            } catch (InterruptedException e) {
                                signals.incrementAndGet();
                                told.add(CancelScope.current().reason().orElseThrow().message());
                            }
                        }
                        CancelScope.checkpoint();
                    });
            Blocked.await(computing);
            task.cancel("first");
            task.cancel("second");
            assertThat(task.cancelling()).isEqualTo(2);
            mayBlock.countDown();

            assertThat(task.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> {
                                assertThat(c.reason().message()).isEqualTo("first");
                                assertThat(c.exception())
                                        .isInstanceOfSatisfying(
                                                CancelledException.class,
                                                e -> assertThat(e.reason()).isSameAs(c.reason()));
                            });
        });
        assertThat(signals).hasValue(1);
        assertThat(told).containsExactly("first");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC17", "TG26"})
    void theFirstReasonOfAScopeAndOfABlockStays(Kind kind) throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        assertThat(scope.cancel("first")).isTrue();
                        assertThat(scope.cancel("second")).isTrue();
                        assertThat(scope.reason().orElseThrow().message()).isEqualTo("first");
                        CancelScope.checkpoint();
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("first"));
            AtomicInteger signals = new AtomicInteger();
            ServiceGroup others = ServiceGroup.open("others");
            TaskGroup.run(group -> {
                CountDownLatch started = new CountDownLatch(1);
                CountDownLatch told = new CountDownLatch(1);
                CountDownLatch mayEnd = new CountDownLatch(1);
                Task<?> task =
                        group.fork(() -> {
                            started.countDown();
                            while (mayEnd.getCount() > 0) {
                                try {
                                    Blocked.await(mayEnd);
                                } catch (InterruptedException e) {
                                    signals.incrementAndGet();
                                    told.countDown();
                                }
                            }
                            CancelScope.checkpoint();
                        });
                Blocked.await(started);
                assertThat(group.cancel("first")).isTrue();
                CancelScope.shield(() -> Blocked.await(told));
                assertThat(group.cancel("second")).isTrue();
                assertThat(group.reason().orElseThrow().message()).isEqualTo("first");
                CancelScope.shield(() -> {
                    Deliveries.await(others);
                    mayEnd.countDown();
                    assertThat(task.join())
                            .isInstanceOfSatisfying(
                                    Outcome.Cancelled.class,
                                    c -> assertThat(c.reason().message()).isEqualTo("first"));
                });
            });
            others.close();
            assertThat(signals).hasValue(1);
        });
    }

    @Test
    @Conformance({"TC16", "UC01"})
    void threadsThatAreInNoScopeMayAllAskAtOnceAndEachRequestCounts() throws Exception {
        int many = 8;
        for (int round = 0; round < 50; round++) {
            CountDownLatch mayBlock = new CountDownLatch(1);
            TaskGroup.run(group -> {
                CountDownLatch ready = new CountDownLatch(many + 1);
                Task<?> task =
                        group.fork(() -> {
                            CancelScope.shield(() -> {
                                ready.countDown();
                                Blocked.await(mayBlock);
                            });
                            Blocked.forEver();
                        });
                AtomicInteger counted = new AtomicInteger();
                List<Thread> askers = new ArrayList<>();
                for (int i = 0; i < many; i++) {
                    askers.add(
                            Thread.ofPlatform()
                                    .name("asker")
                                    .daemon()
                                    .start(() -> {
                                        ready.countDown();
                                        Blocked.uninterruptibly(ready);
                                        if (task.cancel("by an asker")) {
                                            counted.incrementAndGet();
                                        }
                                    }));
                }
                for (Thread asker : askers) {
                    asker.join();
                }
                assertThat(counted).hasValue(many);
                assertThat(task.cancelling()).isEqualTo(many);
                mayBlock.countDown();
                assertThat(task.join())
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> {
                                    assertThat(c.reason().message()).isEqualTo("by an asker");
                                    assertThat(c.reason().requestedBy()).isEqualTo("thread asker");
                                    assertThat(c.reason().requester()).isEmpty();
                                });
            });
        }
    }

    // ---- what those are told who are asked -----------------------------------------------------

    /** Waits until it is told, and notes what the signal and its scope say. */
    private static VoidWork<InterruptedException> noting(
            List<CancelReason> told, CountDownLatch inside) {
        return () -> {
            inside.countDown();
            try {
                CancelScope.sleep(LONG);
            } catch (CancelledException e) {
                assertThat(CancelScope.current().reason()).containsSame(e.reason());
                told.add(e.reason());
                throw e;
            }
        };
    }

    @Test
    @Conformance("TC18")
    void theSignalSaysThatATaskAskedAndWhatItSaid() throws Exception {
        List<CancelReason> told = new CopyOnWriteArrayList<>();
        CountDownLatch inside = new CountDownLatch(1);
        TaskGroup.run(
                config -> config.withName("shop"),
                group -> {
                    Task<?> target = group.fork(noting(told, inside));
                    Blocked.await(inside);
                    Task<?> asker = group.fork("asker", () -> target.cancel("user left"));
                    target.join();
                    CancelReason reason = told.getFirst();
                    assertThat(reason.kind()).isEqualTo(CancelReason.Kind.REQUESTED);
                    assertThat(reason.message()).isEqualTo("user left");
                    assertThat(reason.requestedBy()).isEqualTo("task shop/asker");
                    assertThat(reason.requester().orElseThrow()).isSameAs(asker);
                });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TC18")
    void theSignalSaysThatTheTimeWasUp(Kind kind) throws Exception {
        kind.run(() -> {
            List<CancelReason> told = new CopyOnWriteArrayList<>();
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(SHORT, noting(told, new CountDownLatch(1))))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThat(told.getFirst().kind()).isEqualTo(CancelReason.Kind.TIMED_OUT);
            assertThat(told.getFirst().requester()).isEmpty();
        });
    }

    @Test
    @Conformance("TC18")
    void theSignalSaysWhichTaskOrBodyFailedAndWithWhat() {
        IOException problem = new IOException("disk");
        List<CancelReason> told = new CopyOnWriteArrayList<>();
        AtomicReference<Task<?>> failed = new AtomicReference<>();
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            CountDownLatch inside = new CountDownLatch(1);
                            group.fork(noting(told, inside));
                            Blocked.await(inside);
                            failed.set(group.fork("writer", () -> failing(problem)));
                        }))
                .isInstanceOf(TaskFailedException.class);
        assertThat(told).hasSize(1);
        CancelReason sibling = told.getFirst();
        assertThat(sibling.kind()).isEqualTo(CancelReason.Kind.SIBLING_FAILED);
        assertThat(sibling.requester().orElseThrow()).isSameAs(failed.get());
        assertThat(sibling.requestedBy()).endsWith("writer");
        assertThat(sibling.cause()).containsSame(problem);

        IOException ofBody = new IOException("body");
        assertThatThrownBy(() ->
                        TaskGroup.run(
                                config -> config.withName("import"),
                                group -> {
                                    CountDownLatch inside = new CountDownLatch(1);
                                    group.fork(noting(told, inside));
                                    Blocked.await(inside);
                                    throw ofBody;
                                }))
                .isSameAs(ofBody);
        CancelReason body = told.getLast();
        assertThat(body.kind()).isEqualTo(CancelReason.Kind.BODY_FAILED);
        assertThat(body.requestedBy()).contains("import");
        assertThat(body.cause()).containsSame(ofBody);
    }

    @Test
    @Conformance("TC18")
    void theSignalSaysThatTheServiceIsShutDownOrClosed() throws Exception {
        List<CancelReason> told = new CopyOnWriteArrayList<>();
        for (boolean shutdown : new boolean[] {true, false}) {
            ServiceGroup service = ServiceGroup.open("service");
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> task = service.fork(noting(told, inside));
            Blocked.await(inside);
            if (shutdown) {
                assertThat(service.shutdown(Duration.ZERO, LONG).complete()).isTrue();
            }
            service.close();
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(told.getLast().requestedBy())
                    .isEqualTo("thread " + Thread.currentThread().getName());
        }
        assertThat(told)
                .extracting(CancelReason::kind)
                .containsExactly(CancelReason.Kind.SHUTDOWN, CancelReason.Kind.GROUP_CLOSED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Conformance("TC19")
    void theTraceShowsTheLineWhereTheTargetWasBlockedAndTheOneThatAwaited(boolean managed)
            throws Exception {
        TaskGroup.run(group -> {
            AtomicReference<Thread> thread = new AtomicReference<>();
            Task<?> target =
                    group.fork(() -> {
                        thread.set(Thread.currentThread());
                        blockedHere(managed);
                    });
            Blocked.until(() -> thread.get() != null);
            Blocked.await(thread.get());
            target.cancel("by a third");
            StringWriter trace = new StringWriter();
            catchThrowable(() -> awaitedHere(target)).printStackTrace(new PrintWriter(trace, true));
            assertThat(trace.toString())
                    .containsSubsequence(
                            "TaskCancelledException",
                            "RequestsTest.awaitedHere(RequestsTest.java:",
                            "Caused by: ",
                            "RequestsTest.blockedHere(RequestsTest.java:");
        });
    }

    private static void blockedHere(boolean managed) throws InterruptedException {
        if (managed) {
            CancelScope.sleep(LONG);
        } else {
            Blocked.forEver();
        }
    }

    private static void awaitedHere(Task<?> target) throws InterruptedException {
        target.await();
    }
}
