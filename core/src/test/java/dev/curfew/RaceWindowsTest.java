package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two things in the same instant: whatever comes first, nothing is lost. */
@Timeout(120)
class RaceWindowsTest {
    private static final int ROUNDS = 500;

    @Test
    @Conformance("TC13")
    void aValueThatBecomesReadyWhenItsWaiterIsCancelledIsDeliveredOrStaysReadable()
            throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            TaskGroup.run(group -> {
                CountDownLatch ready = new CountDownLatch(1);
                Task<Integer> source =
                        group.fork(() -> {
                            Blocked.await(ready);
                            return 7;
                        });
                Task<?> waiter =
                        group.fork(() -> {
                            var unused = source.await();
                            CancelScope.sleep(Duration.ofMinutes(10));
                        });
                ready.countDown();
                waiter.cancel();
                assertThat(waiter.join()).isInstanceOf(Outcome.Cancelled.class);
                assertThat(source.await()).isEqualTo(7);
            });
        }
    }

    @Test
    @Conformance("TC13")
    void aValueThatIsReadyWhenItsWaiterIsCancelledIsDeliveredAndTheNextWaitThrows()
            throws Exception {
        List<Object> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Task<Integer> source = group.fork(() -> 7);
            source.join();
            Task<?> waiter =
                    group.fork(() -> {
                        Task.current().orElseThrow().cancel();
                        events.add(source.await());
                        CancelScope.sleep(Duration.ofMinutes(10));
                        events.add("went on");
                    });
            assertThat(waiter.join()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events).containsExactly(7);
    }

    @Test
    @Conformance("TO28")
    void aCallerCancelledWhenItsTimedWorkEndsLosesNeitherTheCancellationNorTheValue()
            throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            TaskGroup.run(group -> {
                CountDownLatch ready = new CountDownLatch(1);
                Task<Integer> source =
                        group.fork(() -> {
                            Blocked.await(ready);
                            return 7;
                        });
                Task<?> caller =
                        group.fork(() -> {
                            var unused =
                                    CancelScope.withTimeout(Duration.ofMinutes(10), source::await);
                            Thread.sleep(Duration.ofMinutes(10));
                        });
                ready.countDown();
                caller.cancel();
                assertThat(caller.join()).isInstanceOf(Outcome.Cancelled.class);
                assertThat(source.await()).isEqualTo(7);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO29", "JV16"})
    void ofAResultAndADeadlineOneWinsAndNothingStrays(Kind kind) throws Exception {
        AtomicInteger values = new AtomicInteger();
        AtomicInteger timeouts = new AtomicInteger();
        kind.run(() ->
                TaskGroup.run(group -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        Duration limit = Duration.ofNanos(60_000L + i * 200L);
                        CountDownLatch ready = new CountDownLatch(1);
                        Task<?> opener =
                                group.fork(() -> {
                                    CancelScope.sleep(limit);
                                    ready.countDown();
                                });
                        AtomicInteger committed = new AtomicInteger();
                        Optional<Integer> result =
                                CancelScope.withTimeoutOrEmpty(
                                        limit,
                                        () -> {
                                            ready.await();
                                            committed.set(5);
                                            return 5;
                                        });
                        assertThat(result.orElse(0)).isEqualTo(committed.get());
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        CancelScope.checkpoint();
                        (result.isPresent() ? values : timeouts).incrementAndGet();
                        opener.join();
                    }
                }));
        assertThat(values.get() + timeouts.get()).isEqualTo(ROUNDS);
    }

    @Test
    @Conformance("UC19")
    void twoRequestsToAnOwnerThatDrainsAreCountedAndOneSignalLeaves() throws Exception {
        Slow slow = new Slow();
        AtomicInteger left = new AtomicInteger();
        AtomicReference<Thread> ownerThread = new AtomicReference<>();
        TaskGroup.run(group -> {
            Task<?> owner =
                    group.fork(() -> {
                        ownerThread.set(Thread.currentThread());
                        try {
                            TaskGroup.run(inner -> inner.fork(slow));
                        } catch (CancelledException e) {
                            left.incrementAndGet();
                            Thread.sleep(1); // no second signal is pending
                            left.incrementAndGet();
                            throw e;
                        }
                    });
            Blocked.await(slow.started);
            Blocked.await(ownerThread.get());
            owner.cancel("one");
            Blocked.await(slow.cleaning);
            owner.cancel("two");
            assertThat(owner.cancelling()).isEqualTo(2);
            sendAll();
            slow.mayEnd.countDown();
            assertThat(owner.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("one"));
        });
        assertThat(left).hasValue(2);
        assertThat(slow.signalsInCleanUp).hasValue(0);
    }

    private static void sendAll() {
        ServiceGroup others = ServiceGroup.open("others");
        Deliveries.await(others);
        others.close();
    }
}
