package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that fail nobody, and tasks that serve the others. */
class RolesTest {

    private static String failing(Exception e) throws Exception {
        throw e;
    }

    /** A background body that notes that it was told, once it was. */
    private static VoidWork<?> serving(CountDownLatch started, List<String> events) {
        return () -> {
            started.countDown();
            try {
                Blocked.forEver();
            } finally {
                events.add("background");
            }
        };
    }

    // ---- isolated ------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void anIsolatedFailureIsThatOfWhoeverAwaitsIt(Kind kind) throws Exception {
        IOException problem = new IOException("advertisement");
        kind.run(() -> {
            String page =
                    TaskGroup.call(group -> {
                        Task<String> extra = group.forkIsolated(() -> failing(problem));
                        Task<String> text = group.fork(() -> "text");
                        assertThatThrownBy(extra::await)
                                .isInstanceOf(TaskFailedException.class)
                                .hasCause(problem);
                        group.join();
                        assertThat(group.reason()).isEmpty();
                        return text.await();
                    });
            assertThat(page).isEqualTo("text");
        });
    }

    @Test
    void anIsolatedFailureThatNobodyReadIsReportedOnceByTheBlockAndDoesNotLeaveIt()
            throws Exception {
        IOException problem = new IOException("unread");
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        try (var _ =
                Reports.capture((id, _, e) -> {
                    assertThat(id).isEqualTo(Report.FAILURE_UNREAD);
                    reported.add(e);
                })) {
            TaskGroup.run(group -> group.forkIsolated(() -> failing(problem)));
        }
        assertThat(reported).containsExactly(problem);
    }

    @Test
    void anIsolatedFailureIsNotAmongThoseThatLeaveABlock() {
        IOException isolated = new IOException("isolated");
        IOException ordinary = new IOException("ordinary");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.forkIsolated(() -> failing(isolated)).join();
                            group.fork(() -> failing(ordinary));
                        }))
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        e -> assertThat(e.failures()).containsExactly(ordinary));
    }

    @Test
    void anIsolatedFailureDoesNotStopAServiceGroupThatStopsForFailures() throws Exception {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        ServiceGroup group =
                ServiceGroup.open(
                        "service",
                        config ->
                                config.withFailurePolicy(FailurePolicy.CANCEL_GROUP)
                                        .withFailureHandler((_, e) -> handled.add(e)));
        IOException problem = new IOException("isolated");
        Task<String> task = group.forkIsolated("optional", () -> failing(problem));
        assertThat(task.join()).isInstanceOf(Outcome.Failed.class);
        assertThat(group.fork(() -> 1).await()).isEqualTo(1);
        group.join();
        group.close();
        assertThat(handled).containsExactly(problem);
    }

    // ---- background ----------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance("TG45")
    void aBackgroundTaskIsCancelledOnceTheBodyAndAllOtherTasksHaveEnded(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            AtomicReference<Task<?>> service = new AtomicReference<>();
            TaskGroup.run(group -> {
                CountDownLatch started = new CountDownLatch(1);
                service.set(group.forkBackground("service", serving(started, events)));
                Blocked.await(started);
                group.fork(() -> {
                    group.fork(() -> events.add("task of a task"));
                    events.add("task");
                });
                group.join();
                events.add("body");
            });
            assertThat(service.get().outcome().orElseThrow())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c ->
                                    assertThat(c.reason().kind())
                                            .isEqualTo(CancelReason.Kind.GROUP_CLOSED));
            assertThat(service.get().cancelling()).isZero();
        });
        assertThat(events)
                .containsExactlyInAnyOrder("task", "task of a task", "body", "background")
                .endsWith("background");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG45")
    void aBackgroundTaskServesTheCleanUpOfAGroupThatIsCancelled(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                TaskGroup.run(group -> {
                    CountDownLatch started = new CountDownLatch(2);
                    Task<?> service = group.forkBackground(serving(started, events));
                    group.fork(() -> {
                        try {
                            started.countDown();
                            Blocked.forEver();
                        } finally {
                            assertThat(service.state()).isEqualTo(Task.State.RUNNING);
                            events.add("cleaned up");
                        }
                    });
                    Blocked.await(started);
                    group.cancel();
                }));
        assertThat(events).containsExactly("cleaned up", "background");
    }

    @Test
    @Conformance("TG45")
    void aBackgroundTaskServesTheCleanUpAfterAFailureAndItsOwnFailureFailsTheGroup() {
        List<String> events = new CopyOnWriteArrayList<>();
        IOException first = new IOException("task");
        IOException last = new IOException("background");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            CountDownLatch started = new CountDownLatch(2);
                            group.forkBackground(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    events.add("background");
                                    failing(last);
                                }
                            });
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    CancelScope.shield(() -> Thread.sleep(20));
                                    events.add("task");
                                }
                            });
                            Blocked.await(started);
                            group.fork(() -> failing(first));
                        }))
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        e -> assertThat(e.failures()).containsExactly(first, last));
        assertThat(events).containsExactly("task", "background");
    }

    @Test
    void aBackgroundTaskThatFailsStopsTheOthers() {
        IOException problem = new IOException("background");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.fork(() -> Blocked.forEver());
                            group.forkBackground(() -> failing(problem));
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(problem);
    }

    @Test
    void aBackgroundTaskForkedWhenOnlySuchAreLeftStartsCancelled() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group ->
                group.forkBackground(() -> {
                    try {
                        Blocked.forEver();
                    } finally {
                        Task<?> second =
                                group.forkBackground(() -> {
                                    CancelScope.checkpoint();
                                    events.add("not told");
                                });
                        CancelScope.shield(() -> second.join());
                        events.add("second " + second.state());
                    }
                }));
        assertThat(events).containsExactly("second CANCELLED");
    }

    @Test
    void aBackgroundTaskCannotTakeItsStopBack() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> service =
                    group.forkBackground(() -> {
                        started.countDown();
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            Task<?> self = Task.current().orElseThrow();
                            while (self.uncancel() > 0) {
                                // until none is left
                            }
                            CancelScope.checkpoint();
                            throw new AssertionError("went on");
                        }
                    });
            Blocked.await(started);
            CountDownLatch late = new CountDownLatch(1);
            group.fork(late::countDown);
            Blocked.await(late);
            assertThat(service.cancelling()).isZero();
        });
    }

    @Test
    void aBackgroundTaskCanBeCancelledByHandAndOthersGoOn() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> service = group.forkBackground(serving(started, new CopyOnWriteArrayList<>()));
            Blocked.await(started);
            assertThat(service.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(group.fork(() -> 1).await()).isEqualTo(1);
        });
    }

    @Test
    void inAServiceGroupABackgroundTaskOutlivesACancelAndStopsLastAtTheClose() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        List<String> events = new CopyOnWriteArrayList<>();
        CountDownLatch started = new CountDownLatch(2);
        Task<?> service = group.forkBackground(serving(started, events));
        Task<?> first =
                group.fork(() -> {
                    started.countDown();
                    Blocked.forEver();
                });
        Blocked.await(started);
        group.cancel();
        first.join();
        group.join();
        assertThat(service.state()).isEqualTo(Task.State.RUNNING);
        CountDownLatch again = new CountDownLatch(1);
        group.fork(() -> {
            try {
                again.countDown();
                Blocked.forEver();
            } finally {
                events.add("task");
            }
        });
        Blocked.await(again);
        group.close();
        assertThat(events).containsExactly("task", "background");
    }

    @Test
    void backgroundTasksAndTheEndsOfOthersRaceAndNothingIsLeft() throws Exception {
        for (int i = 0; i < 500; i++) {
            CompletableFuture<Task<?>> inner = new CompletableFuture<>();
            TaskGroup.run(group -> {
                group.fork(() -> {});
                Thread.startVirtualThread(() -> {
                    try {
                        inner.complete(group.forkBackground(() -> Blocked.forEver()));
                    } catch (GroupClosedException e) {
                        inner.complete(null);
                    }
                });
            });
            Task<?> task = inner.get(30, TimeUnit.SECONDS);
            if (task != null) {
                assertThat(task.outcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
            }
        }
    }
}
