package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code cancelAndJoin} in every state that its caller can be in (rule 5). */
class CancelAndJoinCallerTest {

    @FunctionalInterface
    private interface Caller {
        void call(Slow slow, Task<?> target) throws Exception;
    }

    /**
     * A target that has been started, and ends its clean-up once it was told and {@code then} ran.
     */
    private static void withTarget(Runnable then, Caller caller) throws Exception {
        try {
            TaskGroup.run(group -> {
                Slow slow = new Slow();
                Task<?> target = group.fork(slow);
                Blocked.await(slow.started);
                group.fork(() ->
                        CancelScope.shield(() -> {
                            Blocked.await(slow.cleaning);
                            then.run();
                            slow.mayEnd.countDown();
                        }));
                caller.call(slow, target);
            });
        } catch (TaskFailedException e) {
            throw new AssertionError("something failed beside the caller", e);
        }
    }

    private static void joining(Task<?> target, List<String> events) throws InterruptedException {
        try {
            var unused = target.cancelAndJoin();
            events.add("returned, ended " + target.outcome().isPresent());
        } catch (InterruptedException e) {
            events.add(e.getClass().getSimpleName() + ", ended " + target.outcome().isPresent());
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC05", "AC06", "AC07"})
    void cancelledBeforeAndNotToldItWaitsAndIsToldAfterwards(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                withTarget(
                        () -> {},
                        (slow, target) -> {
                            Outcome<?> outcome =
                                    CancelScope.run(scope -> {
                                        scope.cancel("own");
                                        joining(target, events);
                                    });
                            assertThat(outcome)
                                    .isInstanceOfSatisfying(
                                            Outcome.Cancelled.class,
                                            c -> assertThat(c.reason().message()).isEqualTo("own"));
                            assertThat(slow.signalsInCleanUp).hasValue(0);
                            assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        }));
        assertThat(events).containsExactly("CancelledException, ended true");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC05", "AC06", "AC07"})
    void cancelledWhileItWaitsItIsToldAfterTheEndAndDoesNotRunOn(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        AtomicReference<CancelScope> own = new AtomicReference<>();
        ServiceGroup others = ServiceGroup.open("others");
        kind.run(() ->
                withTarget(
                        () -> {
                            own.get().cancel("own");
                            Deliveries.await(others);
                        },
                        (slow, target) -> {
                            Outcome<?> outcome =
                                    CancelScope.run(scope -> {
                                        own.set(scope);
                                        joining(target, events);
                                        events.add("ran on");
                                    });
                            assertThat(outcome)
                                    .isInstanceOfSatisfying(
                                            Outcome.Cancelled.class,
                                            c -> assertThat(c.reason().message()).isEqualTo("own"));
                            assertThat(slow.signalsInCleanUp).hasValue(0);
                            assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        }));
        others.close();
        assertThat(events).containsExactly("CancelledException, ended true");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC08")
    void inItsCleanUpWithTheStatusSetAgainItWaitsAndIsToldAfterwards(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                withTarget(
                        () -> {},
                        (_, target) -> {
                            Outcome<?> outcome =
                                    CancelScope.run(scope -> {
                                        scope.cancel();
                                        try {
                                            Blocked.forEver();
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                            joining(target, events);
                                        }
                                    });
                            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                            assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        }));
        assertThat(events).containsExactly("CancelledException, ended true");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC08")
    void inItsCleanUpWithTheStatusClearItWaitsAndReturns(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                withTarget(
                        () -> {},
                        (_, target) -> {
                            Outcome<?> outcome =
                                    CancelScope.run(scope -> {
                                        scope.cancel();
                                        try {
                                            Blocked.forEver();
                                        } finally {
                                            joining(target, events);
                                        }
                                    });
                            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                        }));
        assertThat(events).containsExactly("returned, ended true");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC08", "SH01"})
    void insideAShieldACancellationMeanwhileIsHeldBack(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope ->
                            withTargetIn(
                                    scope,
                                    target -> {
                                        CancelScope.shield(() -> joining(target, events));
                                        events.add("left the shield");
                                        try {
                                            Thread.sleep(60_000);
                                        } catch (InterruptedException e) {
                                            events.add("told");
                                            throw e;
                                        }
                                    }));
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("returned, ended true", "left the shield", "told");
    }

    @FunctionalInterface
    private interface Body {
        void run(Task<?> target) throws InterruptedException;
    }

    /** The target is in a group of its own; the scope is cancelled while the target cleans up. */
    private static void withTargetIn(CancelScope scope, Body body) throws InterruptedException {
        ServiceGroup others = ServiceGroup.open("others");
        try {
            Slow slow = new Slow();
            Task<?> target = others.fork(slow);
            Blocked.await(slow.started);
            others.fork(() -> {
                Blocked.await(slow.cleaning);
                scope.cancel("meanwhile");
                slow.mayEnd.countDown();
            });
            body.run(target);
        } finally {
            others.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC05", "AC06"})
    void aStrangersInterruptMeanwhileIsThrownAfterTheEndAndIsNoCancellation(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            Thread caller = Thread.currentThread();
            withTarget(
                    caller::interrupt,
                    (slow, target) -> {
                        assertThatThrownBy(() -> joining(target, events))
                                .isInstanceOf(InterruptedException.class);
                        assertThat(slow.signalsInCleanUp).hasValue(0);
                        assertThat(Thread.interrupted()).isFalse();
                        CancelScope.checkpoint();
                    });
        });
        assertThat(events).containsExactly("InterruptedException, ended true");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC05", "AC06"})
    void aStrangersInterruptThatWasPendingIsThrownAfterTheEnd(Kind kind) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() ->
                withTarget(
                        () -> {},
                        (_, target) -> {
                            Thread.currentThread().interrupt();
                            assertThatThrownBy(() -> joining(target, events))
                                    .isInstanceOf(InterruptedException.class);
                            assertThat(Thread.interrupted()).isFalse();
                        }));
        assertThat(events).containsExactly("InterruptedException, ended true");
    }

    @Test
    @Conformance({"AC27", "AC06"})
    void cancelledAgainWhileItWaitsInItsCleanUpItIsToldOnceMoreAfterTheEnd() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            Task<?> target = group.fork(slow);
            Blocked.await(slow.started);
            CountDownLatch blocked = new CountDownLatch(1);
            Task<?> caller =
                    group.fork(() -> {
                        try {
                            blocked.countDown();
                            Blocked.forEver();
                        } finally {
                            joining(target, events);
                        }
                    });
            Blocked.await(blocked);
            caller.cancel("first");
            Blocked.await(slow.cleaning);
            caller.cancel("second");
            slow.mayEnd.countDown();

            assertThat(caller.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("first"));
            assertThat(caller.cancelling()).isEqualTo(2);
            assertThat(slow.signalsInCleanUp).hasValue(0);
        });
        assertThat(events).containsExactly("CancelledException, ended true");
    }

    @Test
    @Conformance({"AC10", "AC05", "TC22"})
    void ofTwoCallersOnlyTheOneThatWasCancelledIsTold() throws Exception {
        List<String> cancelled = new CopyOnWriteArrayList<>();
        List<String> other = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            Task<?> target = group.fork(slow);
            Blocked.await(slow.started);
            CountDownLatch calling = new CountDownLatch(2);
            Task<?> a =
                    group.fork(() -> {
                        calling.countDown();
                        joining(target, cancelled);
                    });
            Task<?> b =
                    group.fork(() -> {
                        calling.countDown();
                        joining(target, other);
                    });
            Blocked.await(slow.cleaning);
            Blocked.await(calling);
            a.cancel();
            slow.mayEnd.countDown();

            assertThat(a.join()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(b.join()).isInstanceOf(Outcome.Succeeded.class);
        });
        assertThat(cancelled).containsExactly("CancelledException, ended true");
        assertThat(other).containsExactly("returned, ended true");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC12", "AC19"})
    void withoutPatienceLeftTheCallersOwnCancellationWins(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    Slow slow = new Slow();
                    Task<?> target = group.fork(slow);
                    Blocked.await(slow.started);
                    Outcome<?> outcome =
                            CancelScope.run(scope -> {
                                scope.cancel("own");
                                target.cancelAndJoinWithin(Duration.ZERO);
                            });
                    assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                    assertThat(target.outcome()).isEmpty();
                    assertThat(target.cancelling()).isEqualTo(1);
                    slow.mayEnd.countDown();
                    assertThat(target.join()).isInstanceOf(Outcome.Cancelled.class);
                }));
    }

    @Test
    @Conformance("AC19")
    void aNegativePatienceIsRefusedAndNothingIsRequested() throws Exception {
        TaskGroup.run(group -> {
            Task<?> target = group.fork(() -> Blocked.forEver());
            assertThatThrownBy(() -> target.cancelAndJoinWithin(Duration.ofNanos(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("patience");
            assertThat(target.state()).isEqualTo(Task.State.RUNNING);
            assertThat(target.cancelling()).isZero();
            target.cancel();
        });
    }

    @Test
    @Conformance("AC17")
    void aTargetsShieldThatReachesItsOwnLimitLetsTheCancellationThroughWithTheTimeoutKept()
            throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> target =
                    group.fork(() ->
                            CancelScope.shield(
                                    Duration.ofMillis(200),
                                    () -> {
                                        inside.countDown();
                                        Blocked.forEver();
                                    }));
            Blocked.await(inside);
            assertThat(target.cancelAndJoin())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c ->
                                    assertThat(c.exception().getSuppressed())
                                            .hasExactlyElementsOfTypes(
                                                    DeadlineExceededException.class));
        });
    }

    @Test
    @Conformance("AC17")
    void aTimeoutInsideATargetsShieldIsAFailureAndReportedAsOne() throws Exception {
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    CountDownLatch inside = new CountDownLatch(1);
                    Task<?> target =
                            group.fork(() ->
                                    CancelScope.shield(() ->
                                            CancelScope.withTimeout(
                                                    Duration.ofMillis(50),
                                                    () -> {
                                                        inside.countDown();
                                                        Blocked.forEver();
                                                    })));
                    Blocked.await(inside);
                    assertThat(target.cancelAndJoin())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f ->
                                            assertThat(f.exception())
                                                    .isInstanceOf(DeadlineExceededException.class));
                });
    }
}
