package dev.curfew.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What tasks do in every contender, and the checks that they have. */
public final class Work {
    private static final Integer[] VALUES = new Integer[1 << 20];

    static {
        for (int i = 0; i < VALUES.length; i++) {
            VALUES[i] = i;
        }
    }

    private Work() {}

    /** The value of task {@code i}: boxed before, so that boxing is nobody's cost. */
    public static Integer value(int i) {
        return VALUES[i & (VALUES.length - 1)];
    }

    /** Blocks until it is interrupted, in a call of the JDK. */
    public static Integer block() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new AssertionError("the latch is nobody's");
    }

    /** Waits until {@code thread} is parked. */
    public static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
    }

    public static void checkSum(long sum, int n) {
        check(sum == (long) n * (n - 1) / 2, "the sum of the values is wrong");
    }

    public static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** Signals that a task runs, once, to one waiter. */
    public static final class Started {
        private volatile Thread task;
        private volatile Thread waiter;

        public void now() {
            task = Thread.currentThread();
            LockSupport.unpark(waiter);
        }

        /** Waits until the task is parked. */
        public void awaitParked() {
            waiter = Thread.currentThread();
            while (task == null) {
                LockSupport.park(this);
            }
            Work.awaitParked(task);
        }
    }

    /** How a task fails: without a stack trace, so that making one is nobody's cost. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Failure() {
            super("on purpose", null, false, false);
        }
    }

    /** Starts a task for each element, and waits until all of them are parked. */
    public static void awaitAllParked(Thread[] threads, Fork fork) throws Exception {
        Gathering gathering = new Gathering(threads);
        for (int i = 0; i < threads.length; i++) {
            fork.run(gathering::here);
        }
        gathering.awaitParked();
    }

    /** Starts a task that runs the given action first, and then blocks. */
    @FunctionalInterface
    public interface Fork {
        void run(Runnable first) throws Exception;
    }

    /** Threads that come together, to be waited for until they are parked. */
    public static final class Gathering {
        private final Thread[] threads;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch missing;

        public Gathering(int n) {
            this(new Thread[n]);
        }

        Gathering(Thread[] threads) {
            this.threads = threads;
            this.missing = new CountDownLatch(threads.length);
        }

        /** Called by each. */
        public void here() {
            threads[next.getAndIncrement()] = Thread.currentThread();
            missing.countDown();
        }

        public void awaitParked() {
            try {
                missing.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            for (Thread thread : threads) {
                Work.awaitParked(thread);
            }
        }
    }
}
