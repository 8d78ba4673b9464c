package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A cancellation that arrives while the code enters a scope. The window is a few instructions wide,
 * so this is tried often; without the second look in {@code Strand.enter} it fails within seconds.
 */
class EntryRaceTest {
    private static final int ROUNDS = 20_000;

    @Test
    @Conformance({"TC01", "CU16"})
    void codeThatBlocksInAScopeItHasJustEnteredIsTold() throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        ServiceGroup group =
                ServiceGroup.open(
                        "racing",
                        config -> config.withThreadFactory(Thread.ofPlatform().daemon().factory()));
        Task<?> task = null;
        CancelScope[] current = new CancelScope[1];
        task =
                group.fork(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        int before = i % 8;
                        Outcome<?> outcome =
                                CancelScope.run(scope -> {
                                    current[0] = scope;
                                    barrier.await(20, TimeUnit.SECONDS);
                                    for (int k = 0; k < before; k++) {
                                        CancelScope.run(_ -> {});
                                    }
                                    CancelScope.run(_ -> Thread.sleep(20_000));
                                });
                        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                        barrier.await(20, TimeUnit.SECONDS);
                    }
                });
        for (int i = 0; i < ROUNDS; i++) {
            barrier.await(20, TimeUnit.SECONDS);
            for (int spin = 0; spin < i / 8 % 64; spin++) {
                Thread.onSpinWait();
            }
            current[0].cancel();
            barrier.await(20, TimeUnit.SECONDS);
        }
        assertThat(task.join()).isInstanceOf(Outcome.Succeeded.class);
        group.close();
    }
}
