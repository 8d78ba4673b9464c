package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A strand is signalled at most once while it unwinds; what comes later is handed on. */
class OneSignalTest {

    @ParameterizedTest
    @EnumSource
    @Conformance("CU22")
    void anOuterScopeCancelledByTheCleanUpOfAnInnerOneDoesNotCutItShort(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outer -> {
                        unwinding(events, () -> outer.cancel("outer"));
                        fail("the outer cancellation was not handed on");
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("outer"));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        assertThat(events).containsExactly("told", "cleaned up");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC15", "CU22"})
    void anOuterScopeCancelledByAnotherThreadDoesNotCutTheCleanUpOfAnInnerOneShort(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        ServiceGroup others = ServiceGroup.open("others");
        try {
            kind.run(() -> {
                Outcome<?> outcome =
                        CancelScope.run(outer -> {
                            unwinding(
                                    events,
                                    () -> {
                                        Thread canceller =
                                                Thread.ofPlatform()
                                                        .start(() -> {
                                                            outer.cancel("outer");
                                                            Deliveries.await(others);
                                                        });
                                        canceller.join();
                                    });
                            fail("the outer cancellation was not handed on");
                        });
                assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            });
        } finally {
            others.close();
        }
        assertThat(events).containsExactly("told", "cleaned up");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TC15", "CU22"})
    void whileAHookActsCancellationsFromOutsideNeitherRunItAgainNorSignalOnceMore(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        ServiceGroup others = ServiceGroup.open("others");
        try {
            kind.run(() -> {
                Outcome<?> outcome =
                        CancelScope.run(outer -> {
                            var unused =
                                    CancelScope.run(middle -> {
                                        aborting(events, others, List.of(middle, outer));
                                        fail("the cancellation was not handed on");
                                    });
                            fail("the outer cancellation was not handed on");
                        });
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> assertThat(c.reason().message()).isEqualTo("late"));
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                CancelScope.checkpoint();
            });
        } finally {
            others.close();
        }
        assertThat(events).containsExactly("hook", "shielded", "aborted", "told", "cleaned up");
    }

    /** Work that takes its time to abort; the scopes around it are cancelled meanwhile. */
    private static void aborting(List<String> events, ServiceGroup others, List<CancelScope> around)
            throws Exception {
        CancelScope.run(inner -> {
            CountDownLatch hookRuns = new CountDownLatch(1);
            CountDownLatch hookMayEnd = new CountDownLatch(1);
            try {
                CancelScope.onCancel(
                        () -> {
                            events.add("hook");
                            hookRuns.countDown();
                            Blocked.await(hookMayEnd);
                        },
                        () -> {
                            inner.cancel("first");
                            Blocked.await(hookRuns);
                            around.getFirst().cancel("late");
                            Thread.startVirtualThread(() -> {
                                Deliveries.await(others);
                                hookMayEnd.countDown();
                            });
                            CancelScope.shield(() -> {
                                around.getLast().cancel("late");
                                Deliveries.await(others);
                                Thread.sleep(1);
                                events.add("shielded");
                            });
                            Blocked.await(hookMayEnd);
                            events.add("aborted");
                            throw new IOException("aborted");
                        });
            } catch (InterruptedException e) {
                events.add("told");
                Deliveries.await(others);
                Thread.sleep(1);
                events.add("cleaned up");
                throw e;
            }
        });
    }

    /** Waits in a scope that is cancelled meanwhile, then cleans up in a call of the JDK's. */
    private static void unwinding(List<String> events, VoidWork<?> inCleanUp) throws Exception {
        CountDownLatch forEver = new CountDownLatch(1);
        CancelScope.run(inner -> {
            Thread body = Thread.currentThread();
            ServiceGroup canceller = ServiceGroup.open("canceller");
            canceller.fork(() -> {
                Blocked.await(body);
                inner.cancel("inner");
            });
            try {
                forEver.await();
            } catch (InterruptedException e) {
                events.add("told");
                inCleanUp.run();
                Thread.sleep(1);
                events.add("cleaned up");
                throw e;
            } finally {
                canceller.close();
            }
        });
    }

    /** Calls that look at the caller's cancellation, but do not throw it. */
    private enum Quiet {
        SHUTDOWN(service -> service.shutdown(Duration.ofMinutes(1), Duration.ofMinutes(1))),
        CLOSE(ServiceGroup::close),
        FAILING_START(service -> {
            try {
                service.start(
                        "failing",
                        _ -> {
                            try {
                                Blocked.forEver();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e.getMessage());
                            }
                        });
                fail("it was not ready");
            } catch (TaskFailedException e) {
                assertThat(e.getCause()).isInstanceOf(IllegalStateException.class);
            }
        });

        final VoidItemWork<ServiceGroup> call;

        Quiet(VoidItemWork<ServiceGroup> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC08")
    void aCallThatLeavesTheCancellationPendingInCleanUpDoesNotSignalItAgain(Quiet quiet)
            throws Exception {
        List<Object> events = new CopyOnWriteArrayList<>();
        ServiceGroup service = ServiceGroup.open("service");
        service.fork(() -> Blocked.forEver());
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        try {
                            inside.countDown();
                            Blocked.forEver();
                        } finally {
                            quiet.call.run(service);
                            events.add(Thread.currentThread().isInterrupted());
                            try {
                                CancelScope.checkpoint();
                            } catch (CancelledException e) {
                                events.add("still in force");
                            }
                        }
                    });
            Blocked.await(inside);
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
        service.close();
        assertThat(events).containsExactly(false, "still in force");
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatLeavesTheCancellationPendingKeepsTheStatusThatCleanUpHasSetAgain(Quiet quiet)
            throws Exception {
        List<Object> events = new CopyOnWriteArrayList<>();
        ServiceGroup service = ServiceGroup.open("service");
        service.fork(() -> Blocked.forEver());
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        try {
                            inside.countDown();
                            Blocked.forEver();
                        } finally {
                            Thread.currentThread().interrupt();
                            quiet.call.run(service);
                            events.add(Thread.currentThread().isInterrupted());
                        }
                    });
            Blocked.await(inside);
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
        service.close();
        assertThat(events).containsExactly(true);
    }
}
