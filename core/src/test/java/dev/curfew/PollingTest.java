package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code that computes, and asks from time to time. */
class PollingTest {

    @ParameterizedTest
    @EnumSource
    @Conformance("TC34")
    void aComputingLoopIsStoppedByItsCheckpointOnceItsTimeIsUpOrItIsCancelled(Kind kind)
            throws Exception {
        kind.run(() -> {
            for (Duration limit : List.of(Duration.ZERO, Duration.ofMillis(5))) {
                assertThatThrownBy(() -> CancelScope.withTimeout(limit, PollingTest::polling))
                        .isInstanceOf(DeadlineExceededException.class);
            }
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        Thread.ofPlatform().daemon().start(() -> scope.cancel("enough"));
                        polling();
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("enough"));
        });
    }

    private static void polling() throws InterruptedException {
        while (true) {
            CancelScope.checkpoint();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TC34")
    void aComputingLoopThatNeverAsksRunsToItsEnd(Kind kind) throws Exception {
        ServiceGroup others =
                ServiceGroup.open(
                        "others", // the loop may hold the only carrier
                        config -> config.withThreadFactory(Thread.ofPlatform().factory()));
        try {
            kind.run(() -> {
                AtomicBoolean sent = new AtomicBoolean();
                Outcome<Integer> outcome =
                        CancelScope.call(scope -> {
                            Thread.ofPlatform()
                                    .daemon()
                                    .start(() -> {
                                        scope.cancel();
                                        Deliveries.await(others);
                                        sent.set(true);
                                    });
                            while (!sent.get()) {
                                Thread.onSpinWait();
                            }
                            assertThat(scope.isCancelled()).isTrue();
                            return 3;
                        });
                assertThat(outcome.get()).isEqualTo(3);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            });
        } finally {
            others.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TC35")
    void aForeignThreadMayAskWhetherItsHostIsCancelledAndIsInNoScopeItself(Kind kind)
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            CountDownLatch polling = new CountDownLatch(1);
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        Thread worker =
                                Thread.ofPlatform()
                                        .daemon()
                                        .start(() -> work(scope, polling, events));
                        Blocked.await(polling);
                        scope.cancel("the host's");
                        CancelScope.shield(() -> worker.join());
                        CancelScope.checkpoint();
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(events)
                .containsExactly(
                        "cancelled false",
                        "the host's",
                        "IllegalStateException",
                        "IllegalStateException",
                        "no task");
    }

    private static void work(CancelScope host, CountDownLatch polling, List<String> events) {
        events.add("cancelled " + host.isCancelled());
        polling.countDown();
        while (!host.isCancelled()) {
            Thread.onSpinWait();
        }
        events.add(host.reason().orElseThrow().message());
        events.add(catchThrowable(CancelScope::current).getClass().getSimpleName());
        events.add(catchThrowable(() -> CancelScope.addHook(() -> {})).getClass().getSimpleName());
        try {
            CancelScope.checkpoint();
            events.add(Task.current().isEmpty() ? "no task" : "a task");
        } catch (InterruptedException e) {
            events.add("taken for its host");
        }
    }
}
