package dev.curfew.internal.tree;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.time.Timed;
import org.jspecify.annotations.Nullable;

/**
 * When a scope's time is up. Immutable; a scope moves its deadline by exchanging the object, and
 * whoever exchanges it for {@link #OVER} first (the timer, a checkpoint that has looked at the
 * clock) expires the scope.
 *
 * @param deadline in {@link System#nanoTime} terms
 * @param timer null while none is needed
 * @param expire asks for the cancellation; short, runs on any thread
 */
public record Timing(long deadline, @Nullable Timed timer, Runnable expire) {

    /** The time was up, or the scope is left: nothing can be moved any more. */
    static final Timing OVER = new Timing(0, null, () -> {});

    boolean isDue() {
        return this != OVER && Nanos.isDue(deadline);
    }

    /** Its timer will not act any more, unless it does so now. */
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
