package dev.curfew.benchmarks.contenders;

import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** {@link Executors#newVirtualThreadPerTaskExecutor}, one for each group of tasks. */
public final class Executor extends Contender {
    public Executor() {
        super("virtual-thread executor");
    }

    @Override
    public Operation forkAndJoin(int n) {
        return Loops.onVirtualThread(() -> forkAndJoinOnce(n));
    }

    @Override
    public Operation fromPlatformThread() {
        return Loops.onPlatformThread(() -> forkAndJoinOnce(1));
    }

    private static void forkAndJoinOnce(int n) throws Exception {
        long sum = 0;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> futures = new ArrayList<>(n);
            for (int i = 0; i < n; i++) {
                int index = i;
                futures.add(executor.submit(() -> Work.value(index)));
            }
            for (Future<Integer> future : futures) {
                sum += future.get();
            }
        }
        Work.checkSum(sum, n);
    }

    @Override
    public Operation cancelAll(int n) {
        return Loops.onVirtualThread(() -> {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < n; i++) {
                    executor.submit(Work::block);
                }
                executor.shutdownNow();
            }
        });
    }

    @Override
    public Operation nested(int depth) {
        return Loops.onVirtualThread(() -> nest(depth));
    }

    private static Integer nest(int depth) {
        if (depth > 0) {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                executor.submit(() -> nest(depth - 1));
            }
        }
        return depth;
    }

    /** invokeAll with a limit: what it has for a timeout. */
    @Override
    public Operation requests(int n) {
        Callable<Integer> wait =
                () -> {
                    Thread.sleep(1);
                    return Work.value(1);
                };
        return Loops.concurrently(
                n,
                () -> {
                    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                        for (Future<Integer> future :
                                executor.invokeAll(
                                        Collections.nCopies(10, wait), 1, TimeUnit.MINUTES)) {
                            Work.check(future.get() == 1, "the value is wrong");
                        }
                    }
                });
    }

    @Override
    public Operation oneFails(int n) {
        return Loops.onVirtualThread(() -> {
            boolean failed = false;
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < n - 1; i++) {
                    executor.submit(Work::block);
                }
                Future<Integer> last =
                        executor.submit(() -> {
                            throw new Work.Failure();
                        });
                try {
                    last.get();
                } catch (ExecutionException e) {
                    failed = e.getCause() instanceof Work.Failure;
                    executor.shutdownNow();
                }
            }
            Work.check(failed, "it did not fail");
        });
    }

    @Override
    public Holding holding(int n) {
        return action -> {
            Thread[] threads = new Thread[n];
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Work.awaitAllParked(
                        threads,
                        body ->
                                executor.submit(() -> {
                                    body.run();
                                    return Work.block();
                                }));
                action.run();
                executor.shutdownNow();
            }
        };
    }
}
