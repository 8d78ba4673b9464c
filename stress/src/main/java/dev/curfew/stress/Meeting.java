package dev.curfew.stress;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

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
}
