package dev.curfew.internal.watch;

import java.util.Optional;
import java.util.function.Function;

/**
 * Who holds the lock that a thread waits for. The base module does not tell; a module of the
 * library's that may ask the JVM's management registers here.
 */
public final class LockOwners {
    private static volatile Function<? super Thread, Optional<String>> lookUp =
            _ -> Optional.empty();

    private LockOwners() {}

    /** Says how to find out. */
    public static void lookUpBy(Function<? super Thread, Optional<String>> function) {
        lookUp = function;
    }

    /** The owner, if it can be known. */
    public static Optional<String> of(Thread waiting) {
        return lookUp.apply(waiting);
    }
}
