package dev.curfew.internal.time;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory that cannot be had now may be had a little later. What nobody would do otherwise, such as
 * to tell the tasks of a group that one of them has failed, is tried again until there is some: a
 * cancellation that is late is better than one that is lost, with a block that waits for ever. The
 * JDK does the same where it schedules a virtual thread.
 *
 * <p>Whoever tries again has a loop of his own around it: an action to be handed in here would take
 * memory before anything is caught.
 */
public final class FullHeap {
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private FullHeap() {}

    /**
     * Has the class loaded while there is memory for that, and others that run when there is none.
     */
    public static void load() {
        Timer.load();
    }

    /**
     * Between two attempts. Not cancellable: what is tried again is how a cancellation gets on, or
     * an end that others wait for. Needs no memory.
     *
     * <p>A virtual thread only gives way. One that parks with a limit and finds no memory for the
     * timer is never run again: that throws in {@code VirtualThread.afterYield}, after it has left
     * its carrier (JDK 25). Each attempt collects garbage first, so that this is no tight loop.
     */
    public static void pause() {
        if (Thread.currentThread().isVirtual()) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }
}
