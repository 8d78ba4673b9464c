package dev.curfew.benchmarks.contenders;

import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Timeout;
import java.time.Duration;

/** Failsafe: timeouts alone. */
public final class FailsafeTimeout extends Contender {
    public FailsafeTimeout() {
        super("Failsafe");
    }

    @Override
    public Operation timeout() {
        FailsafeExecutor<Integer> executor =
                Failsafe.with(
                        Timeout.<Integer>builder(Duration.ofMinutes(1)).withInterrupt().build());
        return Loops.onVirtualThread(
                () -> Work.check(executor.get(() -> Work.value(1)) == 1, "the value is wrong"));
    }
}
