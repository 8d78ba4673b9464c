package dev.curfew.stress;

import dev.curfew.VoidWork;

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
}
