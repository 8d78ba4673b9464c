package dev.curfew;

import dev.curfew.internal.time.Timer;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Interrupts the tasks of one group again and again that were told and have not ended. Looks at
 * them at an interval from when a cancellation has reached any, until no task is left.
 */
final class Redelivery {
    private final GroupCore group;
    private final long nanos;
    private final AtomicBoolean going = new AtomicBoolean();

    Redelivery(GroupCore group, long nanos) {
        this.group = group;
        this.nanos = nanos;
    }

    void begin() {
        if (going.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            Timer.schedule(System.nanoTime() + nanos, () -> Patience.execute(this::look));
        } catch (OutOfMemoryError noTimer) {
            // cancel() must not throw for want of a thread; the first interrupt is on its way.
            going.set(false);
        }
    }

    /** On a thread of the library's, since there may be many tasks. */
    private void look() {
        AtomicBoolean marked = new AtomicBoolean();
        group.forEach(strand -> look(strand, marked));
        if (marked.get()) {
            schedule();
            return;
        }
        going.set(false);
        group.forEach(strand -> {
            if (isMarked(strand)) {
                begin(); // it was reached after it was looked at
            }
        });
    }

    private void look(Strand strand, AtomicBoolean marked) {
        if (!isMarked(strand)) {
            return;
        }
        marked.set(true);
        Request told = strand.top().mark(); // null in a shield
        if (told != null && System.nanoTime() - told.nanos() >= nanos) {
            strand.tell(true);
        }
    }

    private static boolean isMarked(Strand strand) {
        return !strand.ended() && strand.root().mark() != null;
    }
}
