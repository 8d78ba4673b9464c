package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Rows;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
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

class CancelHookTest {

    @ParameterizedTest
    @EnumSource
    void whatAClosedAcceptThrowsIsTheCancellation(Kind kind) throws Exception {
        kind.run(() -> {
            try (ServerSocket server = new ServerSocket(0)) {
                CountDownLatch accepting = new CountDownLatch(1);
                Outcome<?> outcome =
                        CancelScope.call(scope ->
                                TaskGroup.call(group -> {
                                    group.fork(() -> {
                                        Blocked.await(accepting);
                                        scope.cancel();
                                    });
                                    return CancelScope.onCancel(
                                            server::close,
                                            () -> {
                                                accepting.countDown();
                                                return server.accept();
                                            });
                                }));
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c ->
                                        assertThat(c.exception())
                                                .isInstanceOf(CancelledException.class)
                                                .hasCauseInstanceOf(IOException.class));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aHookAroundABlockIsNotRunForWhatTheBodyThrewAndThatLeaves(Kind kind) throws Exception {
        kind.run(() -> {
            CountDownLatch ran = new CountDownLatch(1);
            IllegalStateException own = new IllegalStateException("the body's own");
            assertThatThrownBy(() ->
                            CancelScope.onCancel(
                                    ran::countDown,
                                    () ->
                                            TaskGroup.run(group -> {
                                                group.fork(CancelHookTest::untilAHookHasRun);
                                                throw own;
                                            })))
                    .isSameAs(own);
            assertThat(ran.getCount()).isOne();
        });
    }

    /** Once it is cancelled: hooks begin in the order in which they are due. */
    private static void untilAHookHasRun() throws InterruptedException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            CountDownLatch ran = new CountDownLatch(1);
            var unused =
                    CancelScope.run(scope ->
                            CancelScope.onCancel(
                                    ran::countDown,
                                    () -> {
                                        scope.cancel();
                                        Blocked.uninterruptibly(ran);
                                    }));
            throw e;
        }
    }

    @Test
    void anH2StatementIsCancelledAndItsConnectionStaysUsable() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:hook");
                Statement statement = connection.createStatement()) {
            statement.execute("create alias seen for 'dev.curfew.testing.Rows.seen'");
            CountDownLatch reading = Rows.reading();
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        Thread.startVirtualThread(() -> {
                            Blocked.uninterruptibly(reading);
                            scope.cancel();
                        });
                        CancelScope.onCancel(statement::cancel, () -> slowQuery(statement));
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c ->
                                    assertThat(c.exception())
                                            .hasRootCauseInstanceOf(java.sql.SQLException.class));
            try (Statement next = connection.createStatement()) {
                assertThat(next.executeQuery("select 1").next()).isTrue();
            }
        }
    }

    private static void slowQuery(Statement statement) throws Exception {
        statement.executeQuery("select count(*) from system_range(1, 100000000000) where seen(x)");
    }

    @Test
    void aDestroyedProcessIsACancellation() throws Exception {
        Process process = new ProcessBuilder("sleep", "300").start();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    Thread.startVirtualThread(scope::cancel);
                    CancelScope.onCancel(
                            process::destroy,
                            () -> {
                                int code = process.waitFor();
                                throw new IllegalStateException("ended with " + code);
                            });
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(process.waitFor()).isNotZero();
    }

    @Test
    void aValueIsReturnedAndTheNextCheckpointThrowsAndAnErrorStaysAnError() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    CountDownLatch ran = new CountDownLatch(1);
                    scope.cancel();
                    events.add(
                            CancelScope.onCancel(
                                    ran::countDown,
                                    () -> {
                                        Blocked.await(ran);
                                        return "value";
                                    }));
                    CancelScope.checkpoint();
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(events).containsExactly("value");
        assertThatThrownBy(() ->
                        CancelScope.run(scope -> {
                            CountDownLatch ran = new CountDownLatch(1);
                            scope.cancel();
                            CancelScope.onCancel(
                                    ran::countDown,
                                    () -> {
                                        Blocked.await(ran);
                                        throw new AssertionError("mine");
                                    });
                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("mine");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Conformance({"TC09", "CU14"})
    void whatIsThrownAfterTheScopeOfAHookThatActedWasLeftIsAFailure(boolean signal)
            throws Exception {
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    CountDownLatch inside = new CountDownLatch(1);
                    CountDownLatch acted = new CountDownLatch(1);
                    Task<?> task =
                            group.fork(() -> {
                                try {
                                    CancelScope.onCancel(
                                            acted::countDown,
                                            () -> {
                                                inside.countDown();
                                                Blocked.await(acted);
                                                if (signal) {
                                                    CancelScope.checkpoint();
                                                }
                                                throw new IOException("closed by the hook");
                                            });
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException("in clean-up");
                                }
                            });
                    Blocked.await(inside);
                    assertThat(task.cancelAndJoin())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f -> assertThat(f.exception()).hasMessage("in clean-up"));
                });
    }

    @Test
    void leavingWaitsForAHookThatRunsAndItRunsOnOneOfOurThreads() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        AtomicReference<Thread> on = new AtomicReference<>();
        var unused =
                CancelScope.run(scope -> {
                    CountDownLatch running = new CountDownLatch(1);
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    Thread body = Thread.currentThread();
                    scope.cancel();
                    CancelScope.onCancel(
                            () -> {
                                on.set(Thread.currentThread());
                                running.countDown();
                                Blocked.await(mayEnd);
                                events.add("hook ended");
                            },
                            () -> {
                                Blocked.await(running);
                                Thread.ofPlatform()
                                        .start(() -> {
                                            Blocked.await(body);
                                            mayEnd.countDown();
                                        });
                            });
                    events.add("left");
                });
        assertThat(events).containsExactly("hook ended", "left");
        assertThat(on.get()).isNotSameAs(Thread.currentThread());
        assertThat(on.get().isDaemon()).isTrue();
    }

    @Test
    @Conformance("SH01")
    void aHookIsHeldBackWhileItsCodeIsInAShieldAndRunsOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(1);
        var unused =
                CancelScope.run(scope ->
                        CancelScope.onCancel(
                                () -> {
                                    runs.incrementAndGet();
                                    ran.countDown();
                                },
                                () -> {
                                    CancelScope.shield(() -> {
                                        scope.cancel();
                                        runAnotherHook();
                                        assertThat(runs).hasValue(0);
                                    });
                                    Blocked.await(ran);
                                    scope.cancel();
                                }));
        assertThat(runs).hasValue(1);
    }

    @Test
    @Conformance("SH01")
    void aHookThatHadToQueueIsHeldBackIfItsCodeIsInAShieldWhenItsTurnComes() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(1);
        CountDownLatch full = new CountDownLatch(64);
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (var _ = Reports.capture((_, _, _) -> {})) { // the limit is reported
            TaskGroup.run(group -> {
                for (int i = 0; i < 64; i++) {
                    group.fork(() ->
                            CancelScope.run(busy ->
                                    CancelScope.onCancel(
                                            () -> {
                                                full.countDown();
                                                mayEnd.await();
                                            },
                                            () -> {
                                                busy.cancel();
                                                Blocked.await(mayEnd);
                                            })));
                }
                Blocked.await(full);
                CancelScope.run(scope ->
                        CancelScope.onCancel(
                                () -> {
                                    runs.incrementAndGet();
                                    ran.countDown();
                                },
                                () -> {
                                    scope.cancel();
                                    CancelScope.shield(() -> {
                                        mayEnd.countDown();
                                        for (int i = 0; i < 64; i++) {
                                            runAnotherHook();
                                        }
                                        assertThat(runs).hasValue(0);
                                    });
                                    Blocked.await(ran);
                                }));
            });
        }
        assertThat(runs).hasValue(1);
    }

    private static void runAnotherHook() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        CancelScope.run(scope ->
                CancelScope.onCancel(
                        ran::countDown,
                        () -> {
                            scope.cancel();
                            Blocked.await(ran);
                        }));
    }

    @Test
    void aHookThatFailsIsReportedAndTheCancellationStands() throws Exception {
        List<String> reported = new CopyOnWriteArrayList<>();
        try (var _ = Reports.capture((id, _, _) -> reported.add("" + id))) {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        CancelScope.onCancel(
                                () -> {
                                    throw new IOException("hook");
                                },
                                () -> CancelScope.sleep(java.time.Duration.ofDays(1)));
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        }
        assertThat(reported.stream().distinct().toList()).isSubsetOf("HOOK_FAILED");
    }

    @Test
    void aRegisteredHookRunsBesideTheInterruptAndNotAfterItWasClosed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(1);
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    try (Registration closed = CancelScope.addHook(runs::incrementAndGet)) {
                        assertThat(closed).isNotNull();
                    }
                    try (Registration open = CancelScope.addHook(ran::countDown)) {
                        assertThat(open).isNotNull();
                        scope.cancel();
                        Blocked.uninterruptibly(ran);
                        Thread.sleep(60_000);
                    }
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(runs).hasValue(0);
    }

    @Test
    void manyHooksRunOnABoundedNumberOfThreads() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<Task<?>> tasks = new ArrayList<>();
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1000);
            for (int i = 0; i < 1000; i++) {
                tasks.add(
                        group.fork(() -> {
                            CountDownLatch end = new CountDownLatch(1);
                            CancelScope.onCancel(
                                    () -> {
                                        ran.incrementAndGet();
                                        end.countDown();
                                    },
                                    () -> {
                                        started.countDown();
                                        Blocked.await(end);
                                        throw new IOException("ended by hook");
                                    });
                        }));
            }
            Blocked.await(started);
            group.cancel();
        });
        assertThat(ran).hasValue(1000);
        assertThat(tasks).allMatch(t -> t.state() == Task.State.CANCELLED);
        long hookThreads =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(t -> t.getName().equals("curfew-hooks"))
                        .count();
        assertThat(hookThreads).isLessThanOrEqualTo(64);
    }
}
