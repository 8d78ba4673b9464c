package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A task that was asked to stop and ended with a value shows it, whoever asked. */
class AbsorbedTest {

    @Test
    @Conformance({"TC07", "LK06"})
    void aValueAfterItsGroupOrWhatIsAroundItWasCancelledIsAbsorbed() throws Exception {
        CancelScope.run(scope ->
                TaskGroup.run(outer -> {
                    CountDownLatch asked = new CountDownLatch(1);
                    CountDownLatch started = new CountDownLatch(2);
                    Task<Integer> near = outer.fork(() -> swallowing(started, asked));
                    AtomicReference<Task<Integer>> far = new AtomicReference<>();
                    AtomicReference<Thread> waiting = new AtomicReference<>();
                    Task<?> around =
                            outer.fork(() -> {
                                waiting.set(Thread.currentThread());
                                TaskGroup.run(inner ->
                                        far.set(inner.fork(() -> swallowing(started, asked))));
                            });
                    Task<Integer> before = outer.fork(() -> 3);
                    assertThat(before.await()).isEqualTo(3);
                    Blocked.await(started);
                    Blocked.await(waiting.get()); // at the end of its block
                    scope.cancel();
                    asked.countDown();
                    CancelScope.shield(() -> {
                        assertThat(near.await()).isEqualTo(1);
                        assertThat(near.absorbed()).isTrue();
                        assertThat(around.join()).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(far.get().await()).isEqualTo(1);
                        assertThat(far.get().absorbed()).isTrue();
                        assertThat(before.absorbed()).isFalse();
                    });
                }));
    }

    private static int swallowing(CountDownLatch started, CountDownLatch asked) {
        started.countDown();
        Blocked.uninterruptibly(asked);
        return 1;
    }
}
