package dev.curfew.benchmarks.contenders;

import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Bare virtual threads, the floor: results in an array, one atomic counter, the parent parked once.
 * No task is owned, no failure is kept.
 */
public final class Raw extends Contender {
    public static final String NAME = "raw";

    public Raw() {
        super(NAME);
    }

    /** Counts tasks down, and wakes whoever made it when the last has ended. */
    static final class Countdown extends AtomicInteger {
        private static final long serialVersionUID = 1L;
        private final transient Thread waiter = Thread.currentThread();

        Countdown(int n) {
            super(n);
        }

        void down() {
            if (decrementAndGet() == 0) {
                LockSupport.unpark(waiter);
            }
        }

        void await() {
            while (get() != 0) {
                LockSupport.park(this);
            }
        }

        /** Goes on waiting when it is interrupted; with the status set it would not park. */
        void awaitWhateverHappens() {
            while (get() != 0) {
                LockSupport.park(this);
                Thread.interrupted();
            }
        }

        boolean await(long nanos) {
            long deadline = System.nanoTime() + nanos;
            while (get() != 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
            return true;
        }
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
        Integer[] results = new Integer[n];
        Countdown live = new Countdown(n);
        for (int i = 0; i < n; i++) {
            int index = i;
            Thread.startVirtualThread(() -> {
                results[index] = Work.value(index);
                live.down();
            });
        }
        live.await();
        long sum = 0;
        for (Integer result : results) {
            sum += result;
        }
        Work.checkSum(sum, n);
    }

    @Override
    public Operation cancelAll(int n) {
        return Loops.onVirtualThread(() -> {
            Thread[] threads = new Thread[n];
            Countdown live = new Countdown(n);
            for (int i = 0; i < n; i++) {
                threads[i] = Thread.startVirtualThread(() -> block(live));
            }
            for (Thread thread : threads) {
                thread.interrupt();
            }
            live.await();
        });
    }

    private static void block(Countdown live) {
        try {
            Work.block();
        } catch (InterruptedException expected) {
            // It ends.
        } finally {
            live.down();
        }
    }

    /** Two looks at the clock: what a timeout cannot do without. */
    @Override
    public Operation timeout() {
        return Loops.onVirtualThread(() -> {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            Work.check(System.nanoTime() - deadline < 0, "a minute has passed");
        });
    }

    @Override
    public Operation nested(int depth) {
        return Loops.onVirtualThread(() -> nest(depth));
    }

    private static void nest(int depth) {
        if (depth > 0) {
            Countdown live = new Countdown(1);
            Thread.startVirtualThread(() -> {
                nest(depth - 1);
                live.down();
            });
            live.await();
        }
    }

    @Override
    public Operation cancelOne() {
        return Loops.sampled(() -> {
            Work.Started started = new Work.Started();
            Countdown live = new Countdown(1);
            Thread task =
                    Thread.startVirtualThread(() -> {
                        started.now();
                        block(live);
                    });
            started.awaitParked();
            long start = System.nanoTime();
            task.interrupt();
            live.await();
            return System.nanoTime() - start;
        });
    }

    /** Interrupting and joining by hand. */
    @Override
    public Operation oneFails(int n) {
        return Loops.onVirtualThread(() -> {
            Thread[] threads = new Thread[n];
            Countdown live = new Countdown(n);
            Failed failed = new Failed();
            for (int i = 0; i < n - 1; i++) {
                threads[i] = Thread.startVirtualThread(() -> block(live));
            }
            threads[n - 1] =
                    Thread.startVirtualThread(() -> {
                        try {
                            throw new Work.Failure();
                        } catch (Work.Failure e) {
                            failed.with(e);
                        }
                        live.down();
                    });
            failed.await();
            for (Thread thread : threads) {
                thread.interrupt();
            }
            live.await();
        });
    }

    private static final class Failed {
        private final Thread waiter = Thread.currentThread();
        private volatile @Nullable Throwable thrown;

        void with(Throwable e) {
            thrown = e;
            LockSupport.unpark(waiter);
        }

        void await() {
            while (thrown == null) {
                LockSupport.park(this);
            }
        }
    }

    @Override
    public Operation requests(int n) {
        return Loops.concurrently(
                n,
                () -> {
                    Countdown live = new Countdown(10);
                    for (int i = 0; i < 10; i++) {
                        Thread.startVirtualThread(() -> {
                            try {
                                Thread.sleep(1);
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            live.down();
                        });
                    }
                    Work.check(live.await(TimeUnit.SECONDS.toNanos(60)), "timed out");
                });
    }

    @Override
    public Operation cancelTree(int depth) {
        return (times, samples) ->
                Loops.await(() -> {
                    long nanos = 0;
                    for (int i = 0; i < times; i++) {
                        Thread[] threads = new Thread[depth];
                        Countdown live = new Countdown(1);
                        Work.Started started = new Work.Started();
                        threads[0] =
                                Thread.startVirtualThread(() -> {
                                    grow(1, threads, started);
                                    live.down();
                                });
                        started.awaitParked();
                        long start = System.nanoTime();
                        for (Thread thread : threads) {
                            thread.interrupt();
                        }
                        live.await();
                        nanos += System.nanoTime() - start;
                    }
                    return nanos;
                });
    }

    private static void grow(int level, Thread[] threads, Work.Started started) {
        if (level == threads.length) {
            started.now();
            block(new Countdown(1));
            return;
        }
        Countdown live = new Countdown(1);
        threads[level] =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            grow(level + 1, threads, started);
                            live.down();
                        });
        threads[level].start();
        live.awaitWhateverHappens();
    }

    @Override
    public Holding holding(int n) {
        return action -> {
            Thread[] threads = new Thread[n];
            Countdown live = new Countdown(n);
            for (int i = 0; i < n; i++) {
                threads[i] = Thread.startVirtualThread(() -> block(live));
            }
            for (Thread thread : threads) {
                Work.awaitParked(thread);
            }
            action.run();
            for (Thread thread : threads) {
                thread.interrupt();
            }
            live.await();
        };
    }
}
