package dev.curfew.internal.tree;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.time.Timed;
import org.jspecify.annotations.Nullable;

/**
 * When a scope's time is up. Immutable; a scope moves its deadline by exchanging the object.
 *
 * <pre>
 *   armed --- due, claimed ---> expiring --- asked, and marks have arrived ---> OVER
 * </pre>
 *
 * Once it is expiring it cannot be moved. Who finds it so (the timer, a checkpoint that has looked
 * at the clock, the owner on leaving) does not rely on whoever has claimed it, which may have been
 * held up before it asked, but asks too: the first request stays.
 *
 * @param deadline in {@link System#nanoTime} terms
 * @param timer null while none is needed
 * @param expire asks for the cancellation; short, runs on any thread, and may run more than once
 * @param expiring claimed
 */
public record Timing(long deadline, @Nullable Timed timer, Runnable expire, boolean expiring) {

    /** The time was up, or the scope is left: nothing can be moved any more. */
    static final Timing OVER = new Timing(0, null, () -> {});

    /** One that is armed. */
    public Timing(long deadline, @Nullable Timed timer, Runnable expire) {
        this(deadline, timer, expire, false);
    }

    Timing claimed() {
        return new Timing(deadline, timer, expire, true);
    }

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
