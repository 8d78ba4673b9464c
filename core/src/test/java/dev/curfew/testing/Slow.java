package dev.curfew.testing;

import dev.curfew.VoidWork;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A body that is told, then cleans up until it may end, counting further signals. */
public final class Slow implements VoidWork<RuntimeException> {
    public final CountDownLatch started = new CountDownLatch(1);
    public final CountDownLatch cleaning = new CountDownLatch(1);
    public final CountDownLatch mayEnd = new CountDownLatch(1);
    public final AtomicInteger signalsInCleanUp = new AtomicInteger();
    private int written;

    @Override
    public void run() throws InterruptedException {
        started.countDown();
        try {
            Blocked.forEver();
        } finally {
            cleaning.countDown();
            while (mayEnd.getCount() > 0) {
                try {
                    Blocked.await(mayEnd);
                } catch (InterruptedException e) {
                    signalsInCleanUp.incrementAndGet();
                }
            }
            written = 42;
        }
    }

    /** What its clean-up wrote last, without synchronisation. */
    public int written() {
        return written;
    }
}
