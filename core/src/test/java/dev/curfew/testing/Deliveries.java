package dev.curfew.testing;

import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import java.util.concurrent.CountDownLatch;

/** The threads that send interrupts. */
public final class Deliveries {
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
    }
}
