package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Batch;
import dev.curfew.internal.time.Timed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One cancellation: where it started and why. The first reason stays; what asks again is counted.
 *
 * <pre>
 *   asks:   1 .. n  in force  --- seal (its node has ended) --->  SEALED | n
 *              |
 *              | withdraw to zero
 *              v
 *           WITHDRAWN
 * </pre>
 *
 * <p>Count and sealed bit share a word: whoever is told "it had not ended" has been counted before
 * the end.
 */
public final class Request {
    private static final int SEALED = 1 << 30;
    private static final int WITHDRAWN = -1;

    private static final VarHandle ASKS;

    static {
        try {
            ASKS = MethodHandles.lookup().findVarHandle(Request.class, "asks", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** In place of a request, where a node has ended that was never asked. */
    static final Request NONE = new Request(new Node(null, 0, null), "none", null, true);

    private final Node origin;
    private final Object reason;
    private final long nanos;

    /** The withdrawn request of an inner task that had reached this block, and stays there. */
    final @Nullable Request replaces;

    private volatile int asks;
    private volatile @Nullable Timed watch;
    private volatile @Nullable Batch batch;

    Request(Node origin, Object reason, @Nullable Request replaces, boolean sealed) {
        this.origin = origin;
        this.reason = reason;
        this.nanos = System.nanoTime();
        this.replaces = replaces;
        this.asks = sealed ? SEALED : 1;
    }

    public Node origin() {
        return origin;
    }

    /** Given by whoever asked first; opaque to the tree. */
    public Object reason() {
        return reason;
    }

    /** When it was asked for, in {@link System#nanoTime} terms. */
    public long nanos() {
        return nanos;
    }

    int depth() {
        return origin.depth();
    }

    public boolean withdrawn() {
        return asks == WITHDRAWN;
    }

    /** How often it was asked for and not withdrawn. */
    public int asks() {
        int a = asks;
        return a == WITHDRAWN ? 0 : a & ~SEALED;
    }

    /** Whether its node has ended. */
    public boolean sealed() {
        int a = asks;
        return a != WITHDRAWN && (a & SEALED) != 0;
    }

    /** Counts one more; false if that is too late, or it was withdrawn (then try a new one). */
    boolean ask() {
        for (; ; ) {
            int a = asks;
            if (a == WITHDRAWN || (a & SEALED) != 0 || a == SEALED - 1) {
                return a == SEALED - 1;
            }
            if (ASKS.compareAndSet(this, a, a + 1)) {
                return true;
            }
        }
    }

    /** Takes one back. True if that was the last. */
    boolean withdraw() {
        for (; ; ) {
            int a = asks;
            if (a == WITHDRAWN || (a & SEALED) != 0) {
                return false;
            }
            if (ASKS.compareAndSet(this, a, a == 1 ? WITHDRAWN : a - 1)) {
                return a == 1;
            }
        }
    }

    /** False if it has been withdrawn. */
    boolean seal() {
        for (; ; ) {
            int a = asks;
            if (a == WITHDRAWN) {
                return false;
            }
            if (ASKS.compareAndSet(this, a, a | SEALED)) {
                Timed w = watch;
                if (w != null) {
                    w.cancel();
                }
                return true;
            }
        }
    }

    void sentBy(Batch interrupts) {
        batch = interrupts;
    }

    /** Sends what is left of its interrupts, for a caller that waits for their targets. */
    public void help() {
        Batch interrupts = batch;
        if (interrupts != null) {
            batch = null;
            interrupts.run();
        }
    }

    /** What reports it when it takes too long; cancelled when the node ends. */
    public void watch(Timed timed) {
        watch = timed;
        if (asks == WITHDRAWN || sealed()) {
            timed.cancel();
        }
    }
}
