package dev.curfew.stress;

import dev.curfew.VoidWork;
import org.jspecify.annotations.Nullable;

/** Actors throw nothing checked. */
final class Actors {
    private Actors() {}

    static void run(VoidWork<?> work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it has its interrupt status set; that of the calling thread is cleared. */
    static boolean isInterrupted(@Nullable Thread t) {
        return t != null
                && (t == Thread.currentThread() ? Thread.interrupted() : t.isInterrupted());
    }
}
