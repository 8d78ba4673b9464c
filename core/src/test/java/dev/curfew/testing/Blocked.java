package dev.curfew.testing;

import dev.curfew.GroupClosedException;
import dev.curfew.TaskGroup;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for threads to be where a test wants them. */
public final class Blocked {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

    private Blocked() {}

    /** Returns once the thread waits in something. */
    public static void await(Thread thread) {
        long end = System.nanoTime() + LIMIT;
        while (thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING
                && thread.getState() != Thread.State.BLOCKED) {
            if (System.nanoTime() > end) {
                throw new AssertionError(thread + " does not block, it is " + thread.getState());
            }
            LockSupport.parkNanos(500_000);
        }
    }

    /** For a task of a cancelled block: returns once the block's body has ended. */
    public static void untilRefused(TaskGroup group) {
        long end = System.nanoTime() + LIMIT;
        try {
            while (System.nanoTime() < end) {
                group.fork(() -> {});
                LockSupport.parkNanos(500_000);
            }
        } catch (GroupClosedException e) {
            return;
        }
        throw new AssertionError("the body of " + group + " does not end");
    }

    /** Returns once the condition holds; for states that nobody tells of. */
    public static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("what was waited for has not come about");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** Waits for the latch, not longer than a test may take. */
    public static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("a latch was not counted down in time");
        }
    }

    /** Waits in a JDK call until it is interrupted. */
    public static void forEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Waits whatever happens, and gives the interrupt back. */
    public static void uninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                await(latch);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
