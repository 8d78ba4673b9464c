package dev.curfew.testing;

import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The threads that send interrupts. */
public final class Deliveries {
    private static final String SENDER = "curfew-interrupts";
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

    private Deliveries() {}

    /** What was handed to the delivery thread before has been sent when this returns. */
    public static void await(ServiceGroup group) {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Task<?> last =
                group.fork(() -> {
                    waiting.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        told.countDown();
                    }
                });
        Blocked.uninterruptibly(waiting);
        last.cancel();
        Blocked.uninterruptibly(told);
        // Of several such threads one may still be about to send what it took before.
        Thread.getAllStackTraces().keySet().forEach(Deliveries::awaitIdle);
    }

    private static void awaitIdle(Thread thread) {
        long end = System.nanoTime() + LIMIT;
        while (thread.getName().equals(SENDER) && thread.getState() == Thread.State.RUNNABLE) {
            if (System.nanoTime() > end) {
                throw new AssertionError(thread + " is never idle");
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
