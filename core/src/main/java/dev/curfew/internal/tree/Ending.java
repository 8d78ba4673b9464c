package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that ends once and can be waited for.
 *
 * <p>Waiters are a stack. A waiter pushes itself, then looks whether this has ended; the ender
 * publishes the end, then takes the stack: one of the two sees the other. Those who give up are
 * unlinked at once, so that waiting again and again with a limit does not grow it.
 */
public abstract class Ending {
    private static final VarHandle WAITERS;
    private static final VarHandle THREAD;
    private static final VarHandle NEXT;

    // In here, not in Waiter: a class that is used first where a thread has no stack left must not
    // have an initializer to run.
    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WAITERS = lookup.findVarHandle(Ending.class, "waiters", Waiter.class);
            THREAD = lookup.findVarHandle(Waiter.class, "thread", Thread.class);
            NEXT = lookup.findVarHandle(Waiter.class, "next", Waiter.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A thread that waits. */
    static final class Waiter {
        /** That of its task; null if it runs none. */
        final @Nullable Strand strand;

        /** No cancellation ends the wait. */
        final boolean held;

        volatile @Nullable Thread thread;
        volatile @Nullable Waiter next;

        /** The cycle for which the wait is to be given up; null if it is not. */
        volatile @Nullable List<String> cycle;

        Waiter(Thread thread, @Nullable Strand strand, boolean held) {
            THREAD.set(this, thread); // it is published by a compare-and-set
            this.strand = strand;
            this.held = held;
        }

        /** Before it is published. */
        void initNext(@Nullable Waiter waiter) {
            NEXT.set(this, waiter);
        }

        /** Of a stack that has been taken: nobody looks whether it has left. */
        void left() {
            THREAD.setOpaque(this, null);
        }

        /** Has the wait given up. */
        void giveUp(List<String> closed) {
            cycle = closed;
            Thread t = thread;
            if (t != null) {
                LockSupport.unpark(t);
            }
        }
    }

    private volatile @Nullable Waiter waiters;

    /** Whether it has ended; what was written before the end is visible to who has read true. */
    public abstract boolean ended();

    /** For messages. */
    public abstract String label();

    /** The last part of its name; null if it has none. */
    public @Nullable String ownName() {
        return null;
    }

    /** For reports: the threads that wait for this; those that come and go may be missed. */
    public void forEachWaiter(Consumer<? super Thread> action) {
        for (Waiter w = waiters; w != null; w = w.next) {
            Thread t = w.thread;
            if (t != null) {
                action.accept(t);
            }
        }
    }

    /** What to enlist with in order to wait for this. */
    List<? extends Ending> parts() {
        return List.of(this);
    }

    final Waiter enlist(Thread thread, @Nullable Strand strand, boolean held) {
        Waiter w = new Waiter(thread, strand, held);
        Waiter head;
        do {
            head = waiters;
            w.initNext(head);
        } while (!WAITERS.compareAndSet(this, head, w));
        return w;
    }

    /** Takes {@code waiter} out, and with it all that have left. */
    final void delist(Waiter waiter) {
        if (waiters == null) {
            waiter.left();
            return;
        }
        waiter.thread = null;
        boolean again = true;
        while (again) {
            again = false;
            Waiter kept = null;
            for (Waiter w = waiters; w != null; w = w.next) {
                if (w.thread != null) {
                    kept = w;
                } else if (kept != null) {
                    kept.next = w.next;
                    again |= kept.thread == null;
                } else {
                    again |= !WAITERS.compareAndSet(this, w, w.next);
                }
                if (again) {
                    break;
                }
            }
        }
    }

    /** To be called once, after the end was published. */
    protected final void wakeAll() {
        Waiter all = waiters;
        if (all != null) { // who comes after null sees the end
            wake(all);
        }
    }

    private void wake(Waiter all) {
        WAITERS.setOpaque(this, null); // who pushes meanwhile, and is lost, sees the end
        for (Waiter w = all; w != null; w = w.next) {
            Thread t = w.thread;
            if (t != null) {
                LockSupport.unpark(t);
            }
        }
    }

    /** Has those who wait look again whether they still have to. */
    public final void nudge() {
        for (Waiter w = waiters; w != null; w = w.next) {
            Thread t = w.thread;
            if (t != null) {
                LockSupport.unpark(t);
            }
        }
    }

    final @Nullable Waiter waiters() {
        return waiters;
    }
}
