package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.time.FullHeap;
import dev.curfew.internal.tree.Ending;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Something whose end is told to listeners, in the order in which they came. */
abstract sealed class Announcing extends Ending permits Concluding {
    private static final VarHandle LISTENERS;

    static {
        try {
            LISTENERS =
                    MethodHandles.lookup()
                            .findVarHandle(Announcing.class, "listeners", Listener.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * One who wants to be told of the end. It is pushed first, and then looked whether the task has
     * ended; the ender publishes the outcome, and reads the listeners after that. So one of the two
     * sees the other, and if both do, {@code claimed} says who tells.
     */
    static final class Listener {
        final Runnable action;
        final @Nullable Listener next;
        private final AtomicBoolean claimed = new AtomicBoolean();

        Listener(Runnable action, @Nullable Listener next) {
            this.action = action;
            this.next = next;
        }

        boolean claim() {
            return claimed.compareAndSet(false, true);
        }
    }

    private volatile @Nullable Listener listeners;

    /** False if the task has ended, and the caller is to tell. */
    final boolean addListener(Runnable action) {
        if (ended()) {
            return false;
        }
        Listener mine;
        Listener head;
        do {
            head = listeners;
            mine = new Listener(action, head);
        } while (!LISTENERS.compareAndSet(this, head, mine));
        return !ended() || !mine.claim();
    }

    /** The ender, after the end was published. */
    final @Nullable Listener takeListeners() {
        Listener last = listeners;
        if (last != null) {
            listeners = null; // one who comes now sees the end, and tells himself
        }
        return last;
    }

    final void tell(Listener last) {
        for (Listener l : inOrder(last)) {
            if (l.claim()) {
                tellOne(l.action);
            }
        }
    }

    /** Waits for memory: nobody else tells them. */
    private static Iterable<Listener> inOrder(Listener last) {
        for (; ; ) {
            try {
                ArrayDeque<Listener> inOrder = new ArrayDeque<>();
                for (Listener l = last; l != null; l = l.next) {
                    inOrder.push(l);
                }
                return inOrder;
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            }
        }
    }

    final void tellOne(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            Reports.report(
                    Report.LISTENER_FAILED, "a listener to the end of " + label() + " threw", e);
        }
    }
}
