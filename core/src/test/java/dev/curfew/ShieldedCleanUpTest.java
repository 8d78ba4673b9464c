package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What shields let through, and what clean-up can rely on. */
@Timeout(120)
class ShieldedCleanUpTest {
    @ParameterizedTest
    @EnumSource
    @Conformance({"SH11", "SH13", "SH14"})
    void whatIsAboutTheTargetGoesThroughAShield(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    InterruptedException own = new InterruptedException("own");
                    assertThatThrownBy(() ->
                                    CancelScope.shield(() -> {
                                        throw own;
                                    }))
                            .isSameAs(own);
                    Task<?> target = group.fork(() -> Blocked.forEver());
                    Outcome<?> outcome =
                            CancelScope.run(scope -> {
                                scope.cancel();
                                CancelScope.shield(() ->
                                        assertThat(target.joinWithin(Duration.ZERO)).isEmpty());
                                assertThatThrownBy(() ->
                                                CancelScope.shield(Duration.ZERO, target::join))
                                        .isInstanceOf(CancelledException.class)
                                        .satisfies(e ->
                                                assertThat(e.getSuppressed()[0])
                                                        .isInstanceOf(
                                                                DeadlineExceededException.class));
                            });
                    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
                    assertThat(target.state()).isEqualTo(Task.State.RUNNING);
                    assertThatThrownBy(() -> CancelScope.shield(Duration.ZERO, target::join))
                            .isInstanceOf(DeadlineExceededException.class);
                    assertThat(target.state()).isEqualTo(Task.State.RUNNING);
                    target.cancel();
                    assertThatThrownBy(() -> CancelScope.shield(target::await))
                            .isInstanceOf(TaskCancelledException.class);
                    CancelScope.checkpoint();
                }));
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("SH19")
    void aShieldWithoutACancellationDoesNothing(Kind kind) throws Exception {
        kind.run(() -> {
            assertThat((int) CancelScope.shield(() -> 3)).isEqualTo(3);
            CancelScope.checkpoint();
            Thread.currentThread().interrupt();
            CancelScope.shield(() -> assertThat(Thread.currentThread().isInterrupted()).isTrue());
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    @Test
    @Conformance("CL03")
    void aSecondRequestIsCountedAndDoesNotCutShieldedCleanUp() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch cleaning = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            AtomicBoolean cleaned = new AtomicBoolean();
            Task<?> task =
                    group.fork(() -> {
                        try {
                            started.countDown();
                            Blocked.forEver();
                        } finally {
                            CancelScope.shield(() -> {
                                cleaning.countDown();
                                Blocked.await(mayEnd);
                                cleaned.set(true);
                            });
                        }
                    });
            Blocked.await(started);
            task.cancel();
            Blocked.await(cleaning);
            task.cancel();
            assertThat(task.cancelling()).isEqualTo(2);
            ServiceGroup others = ServiceGroup.open("others");
            Deliveries.await(others);
            others.close();
            mayEnd.countDown();
            assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(cleaned).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"UC18", "TC26", "JV02"})
    void afterDeliveryNothingIsPendingInJdkCallsAndManagedWaitsGoOnThrowing(Kind kind)
            throws Exception {
        List<Boolean> afterwards = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            var unused =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        assertThatThrownBy(() -> Thread.sleep(600_000))
                                .isInstanceOf(InterruptedException.class);
                        afterwards.add(Thread.currentThread().isInterrupted());
                        Thread.sleep(1);
                        for (int i = 0; i < 3; i++) {
                            assertThatThrownBy(CancelScope::checkpoint)
                                    .isInstanceOf(CancelledException.class);
                        }
                        Thread.sleep(1);
                    });
        });
        assertThat(afterwards).containsExactly(false);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"CL06", "AC26"})
    void closingAGroupWhileCancelledHasEndedAllTasksBeforeTheCancellationShows(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            ServiceGroup service = ServiceGroup.open("held");
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        CountDownLatch started = new CountDownLatch(3);
                        CountDownLatch cleaning = new CountDownLatch(3);
                        for (int i = 0; i < 3; i++) {
                            service.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    cleaning.countDown();
                                    Blocked.await(cleaning);
                                    scope.cancel();
                                    events.add("ended");
                                }
                            });
                        }
                        Blocked.await(started);
                        service.close();
                        events.add("closed");
                        Thread.sleep(600_000);
                        events.add("went on");
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("ended", "ended", "ended", "closed");
    }

    @Test
    @Conformance("AC24")
    void manyTasksAreAllToldBeforeAnyIsAwaited() throws Exception {
        int many = 50;
        CountDownLatch started = new CountDownLatch(many);
        CountDownLatch cleaning = new CountDownLatch(many);
        ServiceGroup service = ServiceGroup.open("many");
        for (int i = 0; i < many; i++) {
            service.fork(() -> {
                try {
                    started.countDown();
                    Blocked.forEver();
                } finally {
                    cleaning.countDown();
                    Blocked.await(cleaning); // all of them have to be here at once
                }
            });
        }
        Blocked.await(started);
        List<Task<?>> tasks = service.tasks();
        service.close();
        assertThat(tasks)
                .hasSize(many)
                .allSatisfy(t -> assertThat(t.state()).isEqualTo(Task.State.CANCELLED));
    }

    @Test
    @Conformance("CL09")
    void usersAreCleanedUpBeforeWhatTheyNeed() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    try (AutoCloseable _ = () -> events.add("service")) {
                        TaskGroup.run(users -> {
                            CountDownLatch started = new CountDownLatch(2);
                            for (int i = 0; i < 2; i++) {
                                users.fork(() -> {
                                    try {
                                        started.countDown();
                                        Blocked.forEver();
                                    } finally {
                                        events.add("user");
                                    }
                                });
                            }
                            Blocked.await(started);
                            scope.cancel();
                            Blocked.forEver();
                        });
                    }
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(events).containsExactly("user", "user", "service");
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("CL14")
    void theHandleOfAnEndedTaskHoldsNeitherBodyNorLocals(Kind kind) throws Exception {
        TaskGroup.run(
                config ->
                        kind == Kind.PLATFORM
                                ? config.withThreadFactory(Thread.ofPlatform().factory())
                                : config,
                group -> {
                    for (Task.State end :
                            List.of(
                                    Task.State.SUCCEEDED,
                                    Task.State.CANCELLED,
                                    Task.State.FAILED)) {
                        Held held = hold(group, end);
                        Blocked.until(() -> {
                            System.gc();
                            return held.captured.get() == null && held.local.get() == null;
                        });
                        assertThat(held.task.state()).isEqualTo(end);
                        assertThat(held.task.outcome()).isPresent();
                    }
                });
    }

    private record Held(
            Task<?> task, WeakReference<Object> captured, WeakReference<Object> local) {}

    private static Held hold(TaskGroup group, Task.State end) throws InterruptedException {
        byte[] captured = new byte[1000];
        AtomicReference<WeakReference<Object>> held = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Task<Integer> task =
                group.forkIsolated(() -> {
                    byte[] local = new byte[1000];
                    held.set(new WeakReference<>(local));
                    started.countDown();
                    Blocked.await(mayEnd);
                    if (end == Task.State.FAILED) {
                        throw new IllegalStateException("no more");
                    }
                    return captured.length + local.length;
                });
        Blocked.await(started);
        if (end == Task.State.CANCELLED) {
            task.cancelAndJoin();
        } else {
            mayEnd.countDown();
            task.join();
        }
        return new Held(task, new WeakReference<>(captured), held.get());
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TC30")
    void aRequestToAScopeThatHasEndedDoesNothing(Kind kind) throws Exception {
        kind.run(() -> {
            AtomicReference<CancelScope> ended = new AtomicReference<>();
            CancelScope.withTimeout(Duration.ofMinutes(1), () -> ended.set(CancelScope.current()));
            assertThat(ended.get().cancel()).isFalse();
            assertThat(ended.get().isCancelled()).isFalse();
            assertThat(ended.get().reason()).isEmpty();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            CancelScope.checkpoint();
        });
        AtomicReference<CancelScope> task = new AtomicReference<>();
        TaskGroup.run(group -> group.fork(() -> task.set(CancelScope.current())));
        assertThat(task.get().cancel()).isFalse();
    }
}
