package dev.curfew.stress;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Brings two actors together, so that they run against each other and not one after the other. On a
 * machine with fewer free processors than actors they would else rarely meet.
 */
public final class Meeting {
    private static final int SPINS = 1_000;
    private static final int YIELDS = 1_000;

    private final AtomicInteger here = new AtomicInteger();

    /** Waits for the other one, but not for ever: jcstress also runs actors one after the other. */
    public void arrive() {
        here.incrementAndGet();
        for (int i = 0; here.get() < 2 && i < SPINS + YIELDS; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** Some moments, so that the other side is met at every stage. */
    public static void linger(int most) {
        for (int i = ThreadLocalRandom.current().nextInt(most); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    /**
     * Meets the canceller, and gives a delivery time.
     *
     * @param cancelled whether the scope that the calling thread is in has been cancelled
     * @return whether the thread has been told by an interrupt
     */
    boolean isTold(BooleanSupplier cancelled) {
        arrive();
        linger(400);
        if (cancelled.getAsBoolean()) {
            linger(5_000); // a delivery thread takes so long
        }
        return Thread.currentThread().isInterrupted();
    }
}
