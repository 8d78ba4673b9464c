package dev.curfew.internal.tree;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A wait for several endings at once, for one waiter. It is over when a condition on them holds,
 * which has to become true, and stay true, by one of them ending.
 *
 * <p>A wait that needs all of them takes part in the search for cycles. One that the first of them
 * may end does not: it hangs only if all of them hang, and the search knows no such waits.
 */
public final class Combined extends Ending {
    private final List<? extends Ending> parts;
    private final boolean needsAll;
    private final BooleanSupplier over;

    public Combined(List<? extends Ending> parts, boolean needsAll, BooleanSupplier over) {
        this.parts = parts;
        this.needsAll = needsAll;
        this.over = over;
    }

    boolean needsAll() {
        return needsAll;
    }

    @Override
    List<? extends Ending> parts() {
        return parts;
    }

    @Override
    public boolean ended() {
        return over.getAsBoolean();
    }

    @Override
    public String label() {
        return parts.size() + " tasks";
    }
}
