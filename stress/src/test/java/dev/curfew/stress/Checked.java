package dev.curfew.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;

/** A protocol under the interleavings that Lincheck explores. */
public final class Checked {
    /** How many are explored; the long mode of docs/proof.md sets it. */
    private static final int INVOCATIONS = Integer.getInteger("stress.invocations", 100);

    /**
     * What a lambda has captured counts as one thread's own with Lincheck; this makes it shared.
     */
    @SuppressWarnings("unused")
    private static volatile @Nullable Object shared;

    private Checked() {}

    /** To be called for each object that the threads of a scenario race for. */
    public static <T> T shared(T object) {
        shared = object;
        return object;
    }

    /** Throws Lincheck's error, which prints the interleaving, if the scenario throws. */
    public static void explore(Runnable scenario) {
        Lincheck.runConcurrentTest(INVOCATIONS, scenario);
    }

    /** The same, where who parks stays parked until woken, or interrupted. */
    public static void exploreParking(Runnable scenario) {
        Parking.load();
        explore(() -> {
            Parking.isStrict();
            scenario.run();
        });
    }

    /** Runs all on platform threads of their own, and throws what one of them threw. */
    public static void together(Runnable... parts) {
        AtomicReference<@Nullable Throwable> problem = shared(new AtomicReference<>());
        List<Thread> threads = new ArrayList<>();
        for (Runnable part : parts) {
            threads.add(
                    new Thread(() -> {
                        try {
                            part.run();
                        } catch (Throwable e) {
                            problem.set(e);
                        }
                    }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        Throwable first = problem.get();
        if (first != null) {
            throw new IllegalStateException(first);
        }
    }

    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
