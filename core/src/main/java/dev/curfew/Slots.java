package dev.curfew;

import dev.curfew.internal.time.Nanos;
import java.util.concurrent.atomic.AtomicInteger;

/** How many tasks may still be started: taken by the one who starts them, given back by any. */
final class Slots {
    private final AtomicInteger free;
    private final Bells given = new Bells("a task's end");

    Slots(int count) {
        this.free = new AtomicInteger(count);
    }

    /** A managed wait, if there is none. */
    void take() throws InterruptedException {
        for (; ; ) {
            Bell bell = given.next();
            if (free.getAndUpdate(n -> n == 0 ? 0 : n - 1) > 0) {
                return;
            }
            Managed.await(bell, Nanos.NEVER);
        }
    }

    void give() {
        free.incrementAndGet();
        given.ring();
    }
}
