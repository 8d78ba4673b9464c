package dev.curfew.benchmarks.contenders;

import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;

/** The JDK's own, in its fifth preview. */
public final class Sts extends Contender {
    public static final String NAME = "StructuredTaskScope";

    public Sts() {
        super(NAME);
    }

    @Override
    public Operation forkAndJoin(int n) {
        return Loops.onVirtualThread(() -> forkAndJoinOnce(n));
    }

    @Override
    public Operation fromPlatformThread() {
        return Loops.onPlatformThread(() -> forkAndJoinOnce(1));
    }

    private static void forkAndJoinOnce(int n) throws InterruptedException {
        long sum = 0;
        try (var scope = StructuredTaskScope.<Integer>open()) {
            List<Subtask<Integer>> subtasks = new ArrayList<>(n);
            for (int i = 0; i < n; i++) {
                int index = i;
                subtasks.add(scope.fork(() -> Work.value(index)));
            }
            scope.join();
            for (Subtask<Integer> subtask : subtasks) {
                sum += subtask.get();
            }
        }
        Work.checkSum(sum, n);
    }

    /** A race that its last task wins: there is no other way to cancel a scope. */
    @Override
    public Operation cancelAll(int n) {
        return Loops.onVirtualThread(() -> {
            try (var scope =
                    StructuredTaskScope.open(Joiner.<Integer>anySuccessfulResultOrThrow())) {
                for (int i = 0; i < n; i++) {
                    scope.fork(Work::block);
                }
                scope.fork(() -> Work.value(1));
                Work.check(scope.join() == 1, "somebody else has won");
            }
        });
    }

    /** Without a fork; with one it costs ten times as much. */
    @Override
    public Operation timeout() {
        return Loops.onVirtualThread(() -> {
            try (var scope =
                    StructuredTaskScope.open(
                            Joiner.<Integer>awaitAllSuccessfulOrThrow(),
                            config -> config.withTimeout(Duration.ofMinutes(1)))) {
                scope.join();
            }
        });
    }

    @Override
    public Operation nested(int depth) {
        return Loops.onVirtualThread(() -> nest(depth));
    }

    private static Integer nest(int depth) throws InterruptedException {
        if (depth > 0) {
            try (var scope = StructuredTaskScope.<Integer>open()) {
                scope.fork(() -> nest(depth - 1));
                scope.join();
            }
        }
        return Work.value(depth);
    }

    /** It cannot cancel one task; this is a scope of one blocked task whose other one ends. */
    @Override
    public Operation cancelOne() {
        return Loops.sampled(() -> {
            Work.Started started = new Work.Started();
            CountDownLatch cancel = new CountDownLatch(1);
            long start;
            try (var scope =
                    StructuredTaskScope.open(Joiner.<Integer>anySuccessfulResultOrThrow())) {
                scope.fork(() -> {
                    started.now();
                    return Work.block();
                });
                scope.fork(() -> {
                    cancel.await();
                    return Work.value(1);
                });
                started.awaitParked();
                start = System.nanoTime();
                cancel.countDown();
                scope.join();
            }
            return System.nanoTime() - start;
        });
    }

    @Override
    public Operation oneFails(int n) {
        return Loops.onVirtualThread(() -> {
            boolean failed = false;
            try (var scope = StructuredTaskScope.<Integer>open()) {
                for (int i = 0; i < n - 1; i++) {
                    scope.fork(Work::block);
                }
                scope.fork(() -> {
                    throw new Work.Failure();
                });
                scope.join();
            } catch (StructuredTaskScope.FailedException e) {
                failed = e.getCause() instanceof Work.Failure;
            }
            Work.check(failed, "it did not fail");
        });
    }

    @Override
    public Operation requests(int n) {
        return Loops.concurrently(
                n,
                () -> {
                    try (var scope =
                            StructuredTaskScope.open(
                                    Joiner.<Integer>awaitAllSuccessfulOrThrow(),
                                    config -> config.withTimeout(Duration.ofMinutes(1)))) {
                        for (int i = 0; i < 10; i++) {
                            int index = i;
                            scope.fork(() -> {
                                Thread.sleep(1);
                                return Work.value(index);
                            });
                        }
                        scope.join();
                    }
                });
    }

    @Override
    public Holding holding(int n) {
        return action -> {
            Thread[] threads = new Thread[n];
            CountDownLatch cancel = new CountDownLatch(1);
            try (var scope =
                    StructuredTaskScope.open(Joiner.<Integer>anySuccessfulResultOrThrow())) {
                CountDownLatch started = new CountDownLatch(n);
                for (int i = 0; i < n; i++) {
                    int index = i;
                    scope.fork(() -> {
                        threads[index] = Thread.currentThread();
                        started.countDown();
                        return Work.block();
                    });
                }
                scope.fork(() -> {
                    cancel.await();
                    return Work.value(1);
                });
                started.await();
                for (Thread thread : threads) {
                    Work.awaitParked(thread);
                }
                action.run();
                cancel.countDown();
                scope.join();
            }
        };
    }
}
