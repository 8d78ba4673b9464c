package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One interrupt on its way to one receiver.
 *
 * <pre>
 *            interrupt() has returned
 *  SENDING ----------------------------> SENT
 *     |  ^                                |
 *     |  +--------------------------------+
 *     |             sent once more
 *     | found that nothing is wanted, the first time
 *     v
 *   VOID
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>{@code interrupt()} is called only by whoever has put this into its receiver as SENDING, or
 *       has moved it there from SENT, and only after it has looked at the receiver once more. The
 *       receiver changes its state first and reads the signal afterwards, so one of the two sees
 *       the other.
 *   <li>The receiver decides nothing while a signal is SENDING: it may have caught the interrupt
 *       already, but not know yet that it was ours.
 *   <li>A signal that was sent once keeps its {@code cause}: if nothing is wanted the next time, it
 *       goes back to SENT.
 * </ul>
 */
final class Signal {
    static final byte SENDING = 0;
    static final byte SENT = 1;
    static final byte VOID = 2;

    private static final VarHandle STATE;
    private static final VarHandle CAUSE;
    private static final VarHandle NANOS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Signal.class, "state", byte.class);
            CAUSE = lookup.findVarHandle(Signal.class, "cause", Object.class);
            NANOS = lookup.findVarHandle(Signal.class, "nanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** There is one for every interrupt, so its size counts. */
    private volatile byte state;

    /** What the interrupt was sent for. Written before SENT. */
    private volatile @Nullable Object cause;

    /** Written before the cause. */
    private boolean merged;

    /** How often it was sent. Written before the cause. */
    private int sent;

    private long nanos;

    /** Receiver only: what {@link Taking#take} has found. */
    private boolean unseen;

    byte state() {
        return state;
    }

    boolean move(byte from, byte to) {
        return STATE.compareAndSet(this, from, to);
    }

    /** What the interrupt was sent for; null if none was. */
    @Nullable Object cause() {
        return cause;
    }

    /** Whether an interrupt of somebody else's was pending when ours was sent. Has a cause. */
    boolean merged() {
        return merged;
    }

    /** Receiver, after it was sent: the status that it had found set was one of ours. */
    void mergedWithOurs() {
        merged = false;
    }

    /** Receiver: it is taken, and whether it was pending then. */
    void taken(boolean pending) {
        unseen = pending;
    }

    /** Receiver, of one that it has taken: whether it was still pending; else it was consumed. */
    boolean unseen() {
        return unseen;
    }

    /** How often it was sent; of one that is not being sent. */
    int sent() {
        return sent;
    }

    /** When it was sent last, in {@link System#nanoTime} terms. */
    long nanos() {
        return (long) NANOS.getOpaque(this);
    }

    /**
     * Whoever is about to interrupt.
     *
     * @param merged what counts if this is the first time
     * @param nanos the time
     */
    void sends(Object cause, boolean merged, long nanos) {
        if (this.cause == null) {
            this.merged = merged;
        }
        sent++;
        NANOS.setOpaque(this, nanos);
        CAUSE.setRelease(this, cause); // the interrupt status is written after it, and read before
    }

    /** A copy that counts as sent, for an owner that goes on before {@code interrupt()} returns. */
    Signal sentByNow() {
        Signal copy = new Signal();
        copy.state = SENT;
        copy.merged = merged;
        copy.sent = sent;
        copy.nanos = nanos();
        copy.cause = cause;
        return copy;
    }

    /** The deliverer looks next whether the owner awaits this. */
    void settle(byte to) {
        state = to;
    }

    /** Sent by the owner himself, who awaits nothing. */
    void settleOwn() {
        STATE.setRelease(this, SENT);
    }
}
