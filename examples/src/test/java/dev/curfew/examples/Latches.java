package dev.curfew.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that have an end. */
final class Latches {
    private Latches() {}

    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("a latch was not counted down in time");
        }
    }

    /** Blocks until it is interrupted. */
    static <T> T forEver() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new AssertionError();
    }
}
