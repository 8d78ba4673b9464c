package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One interrupt on its way to one receiver.
 *
 * <pre>
 *             claim                    interrupt() has returned
 *  PENDING -----------> SENDING ---------------------------------> SENT
 *     |                    |                                        |
 *     | receiver moved on  | found that nothing is wanted           | asked again
 *     v                    v                                        v
 *  WITHDRAWN           WITHDRAWN                                 PENDING
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>{@code interrupt()} is called only by whoever moved PENDING to SENDING, and only after it
 *       has looked at the receiver once more. The receiver changes its state first and reads the
 *       signal afterwards, so one of the two sees the other.
 *   <li>The receiver decides nothing while a signal is SENDING: it may have caught the interrupt
 *       already, but not know yet that it was ours.
 *   <li>A signal that was sent once keeps its {@code cause}; withdrawing it later leads back to
 *       SENT, never to WITHDRAWN.
 * </ul>
 */
final class Signal implements Runnable {
    static final int PENDING = 0;
    static final int SENDING = 1;
    static final int SENT = 2;
    static final int WITHDRAWN = 3;

    private static final VarHandle STATE;
    private static final VarHandle CAUSE;
    private static final VarHandle NANOS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Signal.class, "state", int.class);
            CAUSE = lookup.findVarHandle(Signal.class, "cause", Object.class);
            NANOS = lookup.findVarHandle(Signal.class, "nanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Receiver receiver;
    private volatile int state;

    /** What the interrupt was sent for. Written before SENT. */
    private volatile @Nullable Object cause;

    /** Written before the cause. */
    private boolean merged;

    /** How often it was sent. Written before the cause. */
    private int sent;

    private long nanos;

    Signal(Receiver receiver, int state) {
        this.receiver = receiver;
        this.state = state;
    }

    int state() {
        return state;
    }

    boolean move(int from, int to) {
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
     */
    void sends(Object cause, boolean merged) {
        if (this.cause == null) {
            this.merged = merged;
        }
        sent++;
        NANOS.setOpaque(this, System.nanoTime());
        CAUSE.setRelease(this, cause); // the interrupt status is written after it, and read before
    }

    /** The state that a withdrawal leads to. */
    int rest() {
        return cause != null ? SENT : WITHDRAWN;
    }

    /** A copy that counts as sent, for an owner that goes on before {@code interrupt()} returns. */
    Signal sentByNow() {
        Signal copy = new Signal(receiver, SENT);
        copy.merged = merged;
        copy.sent = sent;
        copy.nanos = nanos();
        copy.cause = cause;
        return copy;
    }

    /** The deliverer looks next whether the owner awaits this. */
    void settle(int to) {
        state = to;
    }

    /** Sent by the owner himself, who awaits nothing. */
    void settleOwn() {
        STATE.setRelease(this, SENT);
    }

    @Override
    public void run() {
        receiver.send(this);
    }
}
