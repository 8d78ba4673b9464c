package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Negatives, huge times, closed groups, wrong threads, and calls back into the library. */
class BadInputTest {
    private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    private static final Duration LEAST = Duration.ofSeconds(Long.MIN_VALUE);

    @ParameterizedTest
    @EnumSource
    @Conformance({"CU04", "TO23"})
    void aNegativeTimeIsRefusedBeforeAnythingRuns(Kind kind) throws Exception {
        AtomicInteger ran = new AtomicInteger();
        kind.run(() ->
                TaskGroup.run(group -> {
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    Task<?> task = group.fork(() -> Blocked.await(mayEnd));
                    for (Duration bad : List.of(Duration.ofNanos(-1), LEAST)) {
                        refused(() -> CancelScope.withTimeout(bad, ran::incrementAndGet));
                        refused(() -> CancelScope.withTimeout(bad, () -> ran.set(1)));
                        refused(() -> CancelScope.withTimeoutOrEmpty(bad, ran::incrementAndGet));
                        refused(() -> CancelScope.shield(bad, ran::incrementAndGet));
                        refused(() -> CancelScope.shield(bad, () -> ran.set(1)));
                        refused(() -> CancelScope.sleep(bad));
                        refused(() -> Deadline.after(bad));
                        refused(() -> task.joinWithin(bad));
                        refused(() -> task.cancelAndJoinWithin(bad));
                        refused(() -> group.joinWithin(bad));
                        refused(() -> Tasks.joinAllWithin(bad, List.of(task)));
                        refused(() -> Tasks.joinFirstWithin(bad, List.of(task)));
                        refused(() -> TaskGroup.run(c -> c.withRedelivery(bad), _ -> ran.set(1)));
                        refused(() -> TaskGroup.run(c -> c.withPatience(bad), _ -> ran.set(1)));
                    }
                    refused(() ->
                            TaskGroup.run(c -> c.withPatience(Duration.ZERO), _ -> ran.set(1)));
                    assertThat(task.cancelling()).isZero();
                    assertThat(task.state()).isEqualTo(Task.State.RUNNING);
                    mayEnd.countDown();
                }));
        assertThat(ran).hasValue(0);
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".+");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("CU05")
    void aHugeTimeIsLikeNone(Kind kind) throws Exception {
        kind.run(() ->
                TaskGroup.run(
                        config -> config.withPatience(HUGE).withRedelivery(HUGE),
                        group -> {
                            assertThat((int) CancelScope.withTimeout(HUGE, () -> 1)).isEqualTo(1);
                            assertThat(CancelScope.withTimeoutOrEmpty(HUGE, () -> 2)).hasValue(2);
                            assertThat((int) CancelScope.shield(HUGE, () -> 3)).isEqualTo(3);
                            Deadline far = Deadline.at(Instant.MAX);
                            assertThat(far.isDue()).isFalse();
                            assertThat(Deadline.after(HUGE).isDue()).isFalse();
                            assertThat(Deadline.at(Instant.MIN).isDue()).isTrue();
                            CancelScope.withDeadline(
                                    far,
                                    () -> {
                                        CancelScope.checkpoint();
                                        CancelScope.current().reschedule(Deadline.after(HUGE));
                                        CancelScope.checkpoint();
                                        assertThat(CancelScope.remaining().orElseThrow())
                                                .isGreaterThan(Duration.ofDays(365));
                                    });
                            Task<Integer> quick = group.fork(() -> 4);
                            assertThat(quick.joinWithin(HUGE)).isPresent();
                            CountDownLatch mayEnd = new CountDownLatch(1);
                            Thread waiter = Thread.currentThread();
                            Task<Integer> later =
                                    group.fork(() -> {
                                        Blocked.await(mayEnd);
                                        return 5;
                                    });
                            group.fork(() -> {
                                Blocked.await(waiter);
                                mayEnd.countDown();
                            });
                            assertThat(Tasks.joinAllWithin(HUGE, List.of(later)).done()).hasSize(1);
                            assertThat(Tasks.joinFirstWithin(HUGE, List.of(later)).done())
                                    .hasSize(1);
                            ServiceGroup service = ServiceGroup.open("service");
                            service.fork(() -> Blocked.await(mayEnd));
                            assertThat(service.shutdown(HUGE, HUGE).complete()).isTrue();
                            service.close();
                            Task<?> sleeper = group.fork(() -> CancelScope.sleep(HUGE));
                            assertThat(sleeper.cancelAndJoinWithin(HUGE))
                                    .isInstanceOf(Outcome.Cancelled.class);
                            assertThat(group.joinWithin(HUGE)).isTrue();
                        }));
    }

    @Test
    @Conformance("CU06")
    void aClosedServiceGroupRefusesForksAndAnswersEverythingElse() throws Exception {
        ServiceGroup service = ServiceGroup.open("closed");
        AtomicInteger ran = new AtomicInteger();
        service.close();
        service.close();
        assertThatThrownBy(() -> service.fork(ran::incrementAndGet))
                .isInstanceOf(GroupClosedException.class);
        assertThatThrownBy(() -> service.fork("x", () -> ran.set(1)))
                .isInstanceOf(GroupClosedException.class);
        assertThatThrownBy(() -> service.forkIsolated(ran::incrementAndGet))
                .isInstanceOf(GroupClosedException.class);
        assertThatThrownBy(() -> service.forkBackground(ran::incrementAndGet))
                .isInstanceOf(GroupClosedException.class);
        assertThatThrownBy(() -> service.start("x", _ -> ran.set(1)))
                .isInstanceOf(GroupClosedException.class);
        assertThatThrownBy(() -> service.asExecutorService().execute(ran::incrementAndGet))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(service.shutdown(Duration.ZERO, Duration.ZERO).complete()).isTrue();
        service.abandon();
        assertThat(service.reason().orElseThrow().kind()).isEqualTo(CancelReason.Kind.GROUP_CLOSED);
        assertThat(service).asString().contains("closed");
        assertThat(service.cancel()).isFalse();
        assertThat(service.cancel("again")).isFalse();
        service.join();
        assertThat(service.joinWithin(Duration.ZERO)).isTrue();
        assertThat(service.tasks()).isEmpty();
        assertThat(service.name()).isEqualTo("closed");
        assertThat(ran).hasValue(0);
    }

    @Test
    @Conformance({"CU07", "IN13"})
    void whatIsForOneThreadAloneIsRefusedOnOthers() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch mayEnd = new CountDownLatch(1);
            Task<?> task = group.fork(() -> Blocked.await(mayEnd));
            task.cancel();
            assertThatThrownBy(task::uncancel).isInstanceOf(IllegalStateException.class);
            Task<?> other =
                    group.fork(() ->
                            assertThatThrownBy(task::uncancel)
                                    .isInstanceOf(IllegalStateException.class));
            other.await();
            assertThat(task.cancelling()).isEqualTo(1);
            assertThatThrownBy(() -> CancelScope.current().reschedule(Deadline.never()))
                    .isInstanceOf(IllegalStateException.class);
            mayEnd.countDown();
        });
        assertThatThrownBy(CancelScope::current).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> CancelScope.addHook(() -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Task.current()).isEmpty();
    }

    @Test
    @Conformance("CU08")
    void aHookMayCallBack() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            CountDownLatch hooked = new CountDownLatch(1);
            AtomicReference<Registration> registration = new AtomicReference<>();
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        CancelHook hook =
                                () -> {
                                    events.add("again " + scope.cancel());
                                    registration.get().close();
                                    events.add("forked " + group.fork(() -> 7).await());
                                    CancelScope.checkpoint();
                                    int value =
                                            TaskGroup.call(inner -> inner.fork(() -> 8).await());
                                    events.add("block " + value);
                                    hooked.countDown();
                                };
                        registration.set(CancelScope.addHook(hook));
                        scope.cancel();
                        Blocked.uninterruptibly(hooked);
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly("again true", "forked 7", "block 8");
    }

    @Test
    @Conformance("CU08")
    void aListenerMayCallBack() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            CountDownLatch mayEnd = new CountDownLatch(1);
            Task<Integer> task =
                    group.fork(() -> {
                        Blocked.await(mayEnd);
                        return 1;
                    });
            CountDownLatch second = new CountDownLatch(1);
            task.onEnd(outcome -> {
                events.add("cancel " + task.cancel());
                events.add("state " + task.state());
                try {
                    events.add("await " + task.await());
                    events.add("fork " + group.fork(() -> 2).await());
                    group.join();
                    events.add("joined");
                } catch (InterruptedException e) {
                    events.add("interrupted");
                }
                task.onEnd(_ -> second.countDown());
            });
            mayEnd.countDown();
            Blocked.await(second);
        });
        assertThat(events)
                .containsExactly("cancel false", "state SUCCEEDED", "await 1", "fork 2", "joined");
    }

    @Test
    @Conformance("CU08")
    void aFailureHandlerMayForkAndCancel() throws Exception {
        AtomicReference<ServiceGroup> group = new AtomicReference<>();
        AtomicReference<Task<?>> forked = new AtomicReference<>();
        CountDownLatch handled = new CountDownLatch(1);
        group.set(
                ServiceGroup.open(
                        "handler",
                        config ->
                                config.withFailureHandler((task, e) -> {
                                    forked.set(group.get().fork(() -> Blocked.forEver()));
                                    group.get().cancel();
                                    handled.countDown();
                                })));
        group.get()
                .fork(() -> {
                    throw new IOException("x");
                });
        Blocked.await(handled);
        assertThat(forked.get().join()).isInstanceOf(Outcome.Cancelled.class);
        group.get().close();
    }

    @Test
    @Conformance("CU09")
    void aThreadFactoryMayCallBackAndWhatItReturnsIsChecked() throws Exception {
        AtomicReference<TaskGroup> outer = new AtomicReference<>();
        AtomicInteger ran = new AtomicInteger();
        TaskGroup.run(around -> {
            outer.set(around);
            TaskGroup.run(
                    config ->
                            config.withThreadFactory(r -> {
                                outer.get().fork(ran::incrementAndGet);
                                return Thread.ofVirtual().unstarted(r);
                            }),
                    group -> group.fork(ran::incrementAndGet));
            TaskGroup.run(
                    config -> config.withThreadFactory(_ -> null),
                    group ->
                            assertThatThrownBy(() -> group.fork(ran::incrementAndGet))
                                    .isInstanceOf(RuntimeException.class)
                                    .hasMessageContaining("factory"));
        });
        assertThat(ran).hasValue(2);
        assertThatThrownBy(() -> TaskGroup.run(_ -> null, _ -> ran.incrementAndGet()))
                .isInstanceOf(NullPointerException.class);
        assertThat(ran).hasValue(2);
    }

    @Test
    @Conformance({"CU08", "AC20"})
    void aTaskThatClosesItsOwnServiceGroupIsRefusedAndNothingIsClosed() throws Exception {
        ServiceGroup service = ServiceGroup.open("own");
        Task<?> task =
                service.fork(() ->
                        assertThatThrownBy(service::close).isInstanceOf(WaitCycleException.class));
        task.await();
        AtomicReference<Throwable> inListener = new AtomicReference<>();
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Task<?> listened = service.fork(() -> Blocked.await(mayEnd));
        listened.onEnd(_ -> {
            try {
                service.close();
            } catch (WaitCycleException e) {
                inListener.set(e);
            }
            told.countDown();
        });
        mayEnd.countDown();
        Blocked.await(told);
        assertThat(inListener.get()).isInstanceOf(WaitCycleException.class);
        assertThat((int) service.fork(() -> 1).await()).isEqualTo(1);
        service.close();
    }
}
