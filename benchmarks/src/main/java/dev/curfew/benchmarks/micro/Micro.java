package dev.curfew.benchmarks.micro;

import dev.curfew.CancelScope;
import dev.curfew.TaskGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * On JMH's own thread, which is a platform thread that Curfew has never seen: the cost of a strand
 * made and dropped is in all figures but those of the {@code inside} kind.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Micro {
    private static final int REPEATED = 1_000;

    @Benchmark
    public int timeout() throws InterruptedException {
        return CancelScope.withTimeout(Duration.ofMinutes(1), () -> 1);
    }

    @Benchmark
    public int shield() throws InterruptedException {
        return CancelScope.shield(() -> 1);
    }

    @Benchmark
    public void checkpointOutside() throws InterruptedException {
        CancelScope.checkpoint();
    }

    /** A thousand at a time, inside one scope; JMH divides. */
    @Benchmark
    @OperationsPerInvocation(REPEATED)
    public int checkpointInside() throws InterruptedException {
        return CancelScope.shield(() -> {
            for (int i = 0; i < REPEATED; i++) {
                CancelScope.checkpoint();
            }
            return REPEATED;
        });
    }

    @Benchmark
    @OperationsPerInvocation(REPEATED)
    public int checkpointInsideTimeout() throws InterruptedException {
        return CancelScope.withTimeout(
                Duration.ofMinutes(1),
                () -> {
                    for (int i = 0; i < REPEATED; i++) {
                        CancelScope.checkpoint();
                    }
                    return REPEATED;
                });
    }

    @Benchmark
    public int emptyGroup() throws InterruptedException {
        return TaskGroup.call(group -> 1);
    }

    @Benchmark
    @OperationsPerInvocation(REPEATED)
    public int fork() throws InterruptedException {
        return TaskGroup.call(group -> {
            for (int i = 0; i < REPEATED; i++) {
                group.fork(() -> 1);
            }
            return REPEATED;
        });
    }
}
