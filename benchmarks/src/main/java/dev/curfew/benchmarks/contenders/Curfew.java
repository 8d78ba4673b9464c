package dev.curfew.benchmarks.contenders;

import dev.curfew.CancelScope;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Curfew as a user gets it: default settings, everything on. */
public final class Curfew extends Contender {
    public static final String NAME = "curfew";

    public Curfew() {
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

    static void forkAndJoinOnce(int n) throws InterruptedException {
        List<Task<Integer>> tasks = new ArrayList<>(n);
        TaskGroup.run(group -> {
            for (int i = 0; i < n; i++) {
                int index = i;
                tasks.add(group.fork(() -> Work.value(index)));
            }
        });
        long sum = 0;
        for (Task<Integer> task : tasks) {
            sum += task.await();
        }
        Work.checkSum(sum, n);
    }

    @Override
    public Operation cancelAll(int n) {
        return Loops.onVirtualThread(() ->
                TaskGroup.run(group -> {
                    for (int i = 0; i < n; i++) {
                        group.fork(Work::block);
                    }
                    group.cancel();
                }));
    }

    @Override
    public Operation timeout() {
        return Loops.onVirtualThread(Curfew::timeoutOnce);
    }

    static void timeoutOnce() throws InterruptedException {
        Integer value = CancelScope.withTimeout(Duration.ofMinutes(1), () -> Work.value(1));
        Work.check(value == 1, "the value is wrong");
    }

    @Override
    public Operation nested(int depth) {
        return Loops.onVirtualThread(() -> nest(depth));
    }

    private static void nest(int depth) throws InterruptedException {
        if (depth > 0) {
            TaskGroup.run(group -> {
                group.fork(() -> nest(depth - 1));
            });
        }
    }

    @Override
    public Operation cancelOne() {
        return Loops.sampled(() ->
                TaskGroup.call(group -> {
                    Work.Started started = new Work.Started();
                    Task<Integer> task =
                            group.fork(() -> {
                                started.now();
                                return Work.block();
                            });
                    started.awaitParked();
                    long start = System.nanoTime();
                    Outcome<Integer> outcome = task.cancelAndJoin();
                    long nanos = System.nanoTime() - start;
                    Work.check(outcome instanceof Outcome.Cancelled, "it was not cancelled");
                    return nanos;
                }));
    }

    @Override
    public Operation oneFails(int n) {
        return Loops.onVirtualThread(() -> {
            boolean failed = false;
            try {
                TaskGroup.run(group -> {
                    for (int i = 0; i < n - 1; i++) {
                        group.fork(Work::block);
                    }
                    group.fork(() -> {
                        throw new Work.Failure();
                    });
                });
            } catch (TaskFailedException e) {
                failed = e.getCause() instanceof Work.Failure;
            }
            Work.check(failed, "it did not fail");
        });
    }

    @Override
    public Operation requests(int n) {
        return Loops.concurrently(
                n,
                () ->
                        CancelScope.withTimeout(
                                Duration.ofMinutes(1),
                                () ->
                                        TaskGroup.run(group -> {
                                            for (int i = 0; i < 10; i++) {
                                                int index = i;
                                                group.fork(() -> {
                                                    Thread.sleep(1);
                                                    return Work.value(index);
                                                });
                                            }
                                        })));
    }

    @Override
    public Operation cancelTree(int depth) {
        return (times, samples) ->
                Loops.await(() -> {
                    long nanos = 0;
                    for (int i = 0; i < times; i++) {
                        long[] start = new long[1];
                        TaskGroup.run(group -> {
                            Work.Started started = new Work.Started();
                            group.fork(() -> grow(depth - 1, started));
                            started.awaitParked();
                            start[0] = System.nanoTime();
                            group.cancel();
                        });
                        nanos += System.nanoTime() - start[0];
                    }
                    return nanos;
                });
    }

    private static void grow(int levels, Work.Started started) throws InterruptedException {
        if (levels == 0) {
            started.now();
            Work.block();
        }
        TaskGroup.run(group -> {
            group.fork(() -> grow(levels - 1, started));
        });
    }

    @Override
    public Holding holding(int n) {
        return action ->
                TaskGroup.run(group -> {
                    Thread[] threads = new Thread[n];
                    CountDownLatch started = new CountDownLatch(n);
                    for (int i = 0; i < n; i++) {
                        int index = i;
                        group.fork(() -> {
                            threads[index] = Thread.currentThread();
                            started.countDown();
                            return Work.block();
                        });
                    }
                    started.await();
                    for (Thread thread : threads) {
                        Work.awaitParked(thread);
                    }
                    action.run();
                    group.cancel();
                });
    }
}
