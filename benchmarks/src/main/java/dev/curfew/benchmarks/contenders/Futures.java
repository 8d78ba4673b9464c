package dev.curfew.benchmarks.contenders;

import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@link CompletableFuture}, on the common pool. It never reaches running code, so it cannot cancel
 * what blocks; W10 waits by a delay, not on a thread.
 */
public final class Futures extends Contender {
    public Futures() {
        super("CompletableFuture");
    }

    @Override
    public Operation forkAndJoin(int n) {
        return Loops.onVirtualThread(() -> forkAndJoinOnce(n));
    }

    @Override
    public Operation fromPlatformThread() {
        return Loops.onPlatformThread(() -> forkAndJoinOnce(1));
    }

    private static void forkAndJoinOnce(int n) {
        List<CompletableFuture<Integer>> futures = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            int index = i;
            futures.add(CompletableFuture.supplyAsync(() -> Work.value(index)));
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
        long sum = 0;
        for (CompletableFuture<Integer> future : futures) {
            sum += future.join();
        }
        Work.checkSum(sum, n);
    }

    /** {@code orTimeout}. */
    @Override
    public Operation timeout() {
        return Loops.onVirtualThread(() -> {
            CompletableFuture<Integer> future =
                    new CompletableFuture<Integer>().orTimeout(1, TimeUnit.MINUTES);
            future.complete(Work.value(1));
            Work.check(future.join() == 1, "the value is wrong");
        });
    }

    @Override
    public Operation requests(int n) {
        return Loops.concurrently(
                n,
                () -> {
                    CompletableFuture<?>[] all = new CompletableFuture<?>[10];
                    for (int i = 0; i < 10; i++) {
                        int index = i;
                        all[i] =
                                CompletableFuture.supplyAsync(
                                        () -> Work.value(index),
                                        CompletableFuture.delayedExecutor(
                                                1, TimeUnit.MILLISECONDS));
                    }
                    CompletableFuture.allOf(all).orTimeout(1, TimeUnit.MINUTES).join();
                });
    }
}
