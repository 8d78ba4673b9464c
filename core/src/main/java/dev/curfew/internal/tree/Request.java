package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Batch;
import dev.curfew.internal.time.Timed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One cancellation: where it started and why. The first reason stays; explicit requests to a task
 * are counted and can be withdrawn, all others keep it in force for good.
 *
 * <pre>
 *   asks:   1 .. n, or KEPT | 0 .. n  in force  --- seal (its node has ended) --->  SEALED | ...
 *              |
 *              | withdraw to zero, not KEPT
 *              v
 *           WITHDRAWN
 * </pre>
 *
 * <p>Count and bits share a word: whoever is told "it had not ended" has been counted before the
 * end.
 */
public final class Request {
    private static final int SEALED = 1 << 30;
    private static final int KEPT = 1 << 29;
    private static final int COUNT = KEPT - 1;
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
    static final Request NONE = none();

    private final Node origin;
    private final Object reason;
    private final long nanos;

    /** The withdrawn request of an inner task that had reached this block, and stays there. */
    final @Nullable Request replaces;

    private volatile int asks;
    private volatile @Nullable Timed watch;
    private volatile @Nullable Batch batch;

    /** Whether it has not got everywhere, for want of memory, and nobody is about to go on. */
    private volatile boolean halted;

    private Request(Node origin, Object reason, @Nullable Request replaces, int asks) {
        this.origin = origin;
        this.reason = reason;
        this.nanos = System.nanoTime();
        this.replaces = replaces;
        this.asks = asks;
    }

    /** One that can be withdrawn. */
    static Request counted(Node origin, Object reason) {
        return new Request(origin, reason, null, 1);
    }

    static Request kept(Node origin, Object reason, @Nullable Request replaces) {
        return new Request(origin, reason, replaces, KEPT);
    }

    /** None: the node has ended. */
    private static Request none() {
        Node nowhere = new ScopeNode(null, 0);
        return new Request(nowhere, nowhere, null, SEALED);
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

    /** How often it was asked for explicitly and not withdrawn. */
    public int asks() {
        int a = asks;
        return a == WITHDRAWN ? 0 : a & COUNT;
    }

    /** Whether it asks for a cancellation, also after its node has ended. */
    boolean stands() {
        int a = asks;
        return a != WITHDRAWN && (a & ~SEALED) != 0;
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
            if (a == WITHDRAWN || (a & SEALED) != 0) {
                return false;
            }
            if ((a & COUNT) == COUNT || ASKS.compareAndSet(this, a, a + 1)) {
                return true;
            }
        }
    }

    /** Keeps it in force whatever is withdrawn; false if that is too late. */
    boolean keep() {
        for (; ; ) {
            int a = asks;
            if (a == WITHDRAWN || (a & SEALED) != 0) {
                return false;
            }
            if ((a & KEPT) != 0 || ASKS.compareAndSet(this, a, a | KEPT)) {
                return true;
            }
        }
    }

    /** Whether one that is taken back next makes it void, unless somebody asks meanwhile. */
    boolean isLast() {
        return asks == 1;
    }

    /** Takes one back. True if that was the last, and with it the request is void. */
    boolean withdraw() {
        for (; ; ) {
            int a = asks;
            if (a == WITHDRAWN || (a & SEALED) != 0 || (a & COUNT) == 0) {
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

    boolean halted() {
        return halted;
    }

    void halted(boolean now) {
        if (halted != now) {
            halted = now;
        }
    }

    void sentBy(Batch interrupts) {
        batch = interrupts;
    }

    /** Sends what is left of its interrupts, for a caller that waits for their targets. */
    void help() {
        Batch interrupts = batch;
        if (interrupts != null) {
            batch = null;
            Strand.aside(interrupts);
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
