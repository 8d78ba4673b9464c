package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the failure of a task means for its group, and what leaves a block. */
class GroupFailureTest {

    private static Object failing(Exception e) throws Exception {
        throw e;
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG06")
    void whatAFailureStopsHasCleanedUpBeforeTheFailureLeaves(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        IOException problem = new IOException("disk");
        kind.run(() -> {
            CountDownLatch started = new CountDownLatch(1);
            Throwable left =
                    catchThrowable(() ->
                            TaskGroup.run(group -> {
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
                                group.fork(() -> failing(problem));
                                try {
                                    Blocked.forEver();
                                } finally {
                                    events.add("body");
                                }
                            }));
            events.add("left");
            assertThat(left).isInstanceOf(TaskFailedException.class).hasCause(problem);
            assertThat(left.getSuppressed()).isEmpty();
        });
        assertThat(events).hasSize(3).contains("task", "body").endsWith("left");
    }

    @ParameterizedTest
    @EnumSource
    void aSupervisorsBodyAndOtherTasksGoOnWhenATaskFails(Kind kind) throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            int value =
                    TaskGroup.call(
                            config ->
                                    config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                            .withFailureHandler(
                                                    (_, e) -> handled.add(e.getMessage())),
                            group -> {
                                CountDownLatch mayGoOn = new CountDownLatch(1);
                                Task<Integer> other =
                                        group.fork(() -> {
                                            Blocked.await(mayGoOn);
                                            return 3;
                                        });
                                Task<?> failed = group.fork(() -> failing(new IOException("x")));
                                failed.onEnd(_ -> mayGoOn.countDown());
                                CancelScope.checkpoint();
                                return other.await();
                            });
            assertThat(value).isEqualTo(3);
        });
        assertThat(handled).isEmpty(); // the listener was handed it
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatThrowsCancelsItsTasksAndWaitsForThem(Kind kind) throws Exception {
        AtomicReference<Task<?>> task = new AtomicReference<>();
        IOException problem = new IOException("body");
        kind.run(() ->
                assertThatThrownBy(() ->
                                TaskGroup.run(group -> {
                                    task.set(group.fork(() -> Blocked.forEver()));
                                    throw problem;
                                }))
                        .isSameAs(problem)
                        .hasNoSuppressedExceptions());
        assertThat(task.get().outcome().orElseThrow())
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> {
                            assertThat(c.reason().kind()).isEqualTo(CancelReason.Kind.BODY_FAILED);
                            assertThat(c.reason().cause()).contains(problem);
                        });
    }

    @Test
    @Conformance({"TG43", "CU12"})
    void aGroupsJoinNeverMissesTheFailureOfATaskItWaitedFor() {
        for (int i = 0; i < 20_000; i++) {
            IOException problem = new IOException("x");
            AtomicReference<Throwable> joined = new AtomicReference<>();
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.fork(() -> failing(problem));
                                joined.set(catchThrowable(() -> group.join()));
                            }))
                    .hasCause(problem);
            assertThat(joined.get()).isInstanceOf(TaskFailedException.class).hasCause(problem);
        }
    }

    @Test
    @Conformance({"TG43", "CU12"})
    void aGroupsJoinThrowsTheFailureThatItsCallerHasReadAlready() {
        for (int i = 0; i < 20_000; i++) {
            IOException problem = new IOException("x");
            AtomicReference<Throwable> joined = new AtomicReference<>();
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                Task<?> task = group.fork(() -> failing(problem));
                                while (task.outcome().isEmpty()) {
                                    Thread.onSpinWait();
                                }
                                joined.set(catchThrowable(() -> group.join()));
                            }))
                    .hasCause(problem);
            assertThat(joined.get()).isInstanceOf(TaskFailedException.class).hasCause(problem);
        }
    }

    @Test
    @Conformance({"TG43", "CU12"})
    void aServiceGroupsJoinNeverMissesTheFailureItStopsFor() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            IOException problem = new IOException("x");
            ServiceGroup group =
                    ServiceGroup.open(
                            "service",
                            config ->
                                    config.withFailurePolicy(FailurePolicy.CANCEL_GROUP)
                                            .withFailureHandler((_, _) -> {}));
            group.fork(() -> failing(problem));
            assertThatThrownBy(group::join)
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
            group.close();
        }
    }

    @Test
    @Conformance("TG09")
    void ofTwoTasksThatFailEachByItselfBothFailuresLeave() {
        IOException one = new IOException("one");
        IOException other = new IOException("other");
        Throwable left =
                catchThrowable(() ->
                        TaskGroup.run(group -> {
                            CountDownLatch both = new CountDownLatch(2);
                            for (IOException problem : List.of(one, other)) {
                                group.fork(() -> {
                                    both.countDown();
                                    Blocked.uninterruptibly(both);
                                    failing(problem);
                                });
                            }
                        }));
        assertThat(left)
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        e -> assertThat(e.failures()).containsExactlyInAnyOrder(one, other));
        assertThat(left.getCause()).isIn(one, other);
        assertThat(left.getSuppressed()).containsExactly(left.getCause() == one ? other : one);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TG21")
    void anErrorOfATaskOrOfTheBodyLeavesOnceAllWasStoppedAndHasEnded(Kind kind) throws Exception {
        List<Error> errors =
                List.of(
                        new OutOfMemoryError("fatal"),
                        new StackOverflowError("fatal"),
                        new NoClassDefFoundError("fatal"),
                        new AssertionError("fatal"));
        for (Error error : errors) {
            for (boolean inBody : new boolean[] {true, false}) {
                kind.run(() -> {
                    List<String> events = new CopyOnWriteArrayList<>();
                    Throwable left = catchThrowable(() -> failingWith(error, inBody, events));
                    events.add("left");
                    if (inBody) {
                        assertThat(left).isSameAs(error);
                        assertThat(events).containsExactly("task", "left");
                    } else {
                        assertThat(left).isInstanceOf(TaskFailedException.class).hasCause(error);
                        assertThat(events).contains("body", "task").endsWith("left").hasSize(3);
                    }
                });
            }
        }
    }

    private static void failingWith(Error error, boolean inBody, List<String> events)
            throws InterruptedException {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            group.fork(() -> {
                try {
                    started.countDown();
                    Blocked.forEver();
                } finally {
                    CancelScope.shield(() -> Thread.sleep(5));
                    events.add("task");
                }
            });
            Blocked.await(started);
            if (inBody) {
                throw error;
            }
            group.fork(() -> {
                throw error;
            });
            try {
                Blocked.forEver();
            } finally {
                events.add("body");
            }
        });
    }

    @Test
    @Conformance("TG10")
    void whatTheBodysCleanUpAddedToItsTasksFailureIsKeptWhenMoreFailuresJoinIt() {
        IOException first = new IOException("first");
        IllegalStateException second = new IllegalStateException("second, in clean-up");
        IllegalStateException closing = new IllegalStateException("a resource of the body");
        CountDownLatch started = new CountDownLatch(1);
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    failing(second);
                                }
                            });
                            Blocked.await(started);
                            try (AutoCloseable _ = () -> failing(closing)) {
                                group.fork(() -> failing(first)).await();
                            }
                        }))
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        e -> {
                            assertThat(e.failures()).containsExactly(first, second);
                            assertThat(e.getSuppressed()).contains(second, closing);
                        });
    }

    @Test
    @Conformance("TG08")
    void failuresThatTheBodysExceptionCannotHoldAreReported() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        IOException lost = new IOException("task");
        RuntimeException frozen = new RuntimeException("constant", null, false, false) {};
        try (var _ = Reports.capture((_, _, e) -> reported.add(e))) {
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                CountDownLatch started = new CountDownLatch(1);
                                group.fork(() -> {
                                    try {
                                        started.countDown();
                                        Blocked.forEver();
                                    } finally {
                                        failing(lost);
                                    }
                                });
                                Blocked.await(started);
                                throw frozen;
                            }))
                    .isSameAs(frozen);
        }
        assertThat(reported).containsExactly(lost);
    }

    @Test
    @Conformance("TG34")
    void cancellationsOfAnEnclosingScopeAreNotAmongTheFailures() throws Exception {
        IOException real = new IOException("real");
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    assertThatThrownBy(() ->
                                    TaskGroup.run(group -> {
                                        CountDownLatch started = new CountDownLatch(3);
                                        for (int i = 0; i < 3; i++) {
                                            boolean fails = i == 1;
                                            group.fork(() -> {
                                                try {
                                                    started.countDown();
                                                    Blocked.forEver();
                                                } finally {
                                                    if (fails) {
                                                        failing(real);
                                                    }
                                                }
                                            });
                                        }
                                        Blocked.await(started);
                                        scope.cancel();
                                    }))
                            .isInstanceOfSatisfying(
                                    TaskFailedException.class,
                                    e -> assertThat(e.failures()).containsExactly(real));
                    CancelScope.checkpoint();
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Conformance("TG38")
    void aFailureHandledWhileAnotherIsHasNothingOfOursInItsChain() {
        IOException handled = new IOException("being handled");
        IOException problem = new IOException("task");
        Throwable left =
                catchThrowable(() -> {
                    try {
                        failing(handled);
                    } catch (IOException e) {
                        TaskGroup.run(group -> {
                            group.fork(() -> failing(problem));
                            Blocked.forEver();
                        });
                    }
                });
        assertThat(left).isInstanceOf(TaskFailedException.class);
        assertThat(left.getCause()).isSameAs(problem);
        assertThat(left.getSuppressed()).isEmpty();
        assertThat(problem.getCause()).isNull();
        assertThat(problem.getSuppressed()).isEmpty();
        assertThat(handled.getSuppressed()).isEmpty();
    }
}
