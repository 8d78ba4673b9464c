package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Batch;
import dev.curfew.internal.delivery.Target;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that can be told something, by waking it or by an interrupt: here what a canceller does,
 * in {@link Taking} what the thread itself does. The two are the one place of the library that
 * touches interrupt statuses.
 *
 * <p>Four pairs of a write and a read, each side volatile, hold this together (in every pair one
 * side sees the other): the canceller marks, then reads {@code waiting}; the owner writes {@code
 * waiting}, then reads its mark. The deliverer claims the signal, then asks {@link #wanted}; the
 * owner moves, then reads the signal. None of them may be weakened further than to a release write
 * with a compare-and-set between it and the read, as in the methods called "soon".
 *
 * <p>The end of a block needs no such pair on the way out. A canceller that finds the owner there
 * has marked, and asks then whether the block has ended. If it has not, the owner, who goes on only
 * when it has, sees the mark; if it has, the canceller tells as it tells code that runs.
 *
 * <p>"Owner" below is the code that runs on the receiver's thread.
 */
public abstract sealed class Receiver extends Node implements Target permits Taking {
    /** The thread runs code; it is told by an interrupt. */
    protected static final byte RUNNING = 0;

    /** A managed wait that a cancellation ends: the thread is woken. */
    protected static final byte CANCELLABLE = 1;

    /** Not started, or in a wait that nothing cuts short: the owner looks for itself afterwards. */
    protected static final byte SHIELDED = 2;

    /** At the end of a block: until it has ended, the owner looks for itself afterwards. */
    protected static final byte ENDING = 3;

    static final VarHandle SIGNAL;
    private static final VarHandle WAITING;
    private static final VarHandle EVER_SENT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SIGNAL = lookup.findVarHandle(Receiver.class, "signal", Signal.class);
            WAITING = lookup.findVarHandle(Receiver.class, "waiting", byte.class);
            EVER_SENT = lookup.findVarHandle(Receiver.class, "everSent", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Thread thread;
    private volatile byte waiting;
    volatile @Nullable Signal signal;
    volatile boolean again;
    volatile boolean ownerAwaits;
    private volatile boolean everSent;

    Receiver(@Nullable Node parent, int flags, Thread thread, byte waiting) {
        super(parent, flags);
        this.thread = thread;
        WAITING.set(this, waiting); // it is published by a compare-and-set
    }

    public final Thread thread() {
        return thread;
    }

    /** What the thread is to be interrupted for now, or null. Any thread may ask. */
    protected abstract @Nullable Object wanted(boolean again);

    /** Whether the owner waits at the end of a block that has not ended. Any thread may ask. */
    protected abstract boolean awaitsEnd();

    /** Owner: sets the interrupt status if something is wanted that has not been sent. */
    protected abstract void rearm();

    /** Whether an interrupt status found set can only be one of ours (or has merged with it). */
    protected abstract boolean ownsFlag();

    // ---- the canceller's side -------------------------------------------------------------

    /**
     * Tells the thread that its marks have changed. Never blocks.
     *
     * @param repeated whether this is an explicit request that follows an earlier one: it
     *     interrupts also a thread that has been told before
     * @param batch takes the interrupt, if there has to be one
     */
    public final void tell(boolean repeated, Batch batch) {
        Signal current = signal;
        if (repeated && (current == null || current.state() != Signal.SENDING)) {
            again = true; // otherwise it is one with the interrupt that is being sent
        }
        byte how = waiting;
        if (how == CANCELLABLE) {
            LockSupport.unpark(thread);
        } else if (hears(how)) {
            if (Thread.currentThread() == thread) {
                rearm();
            } else if (wanted(again) != null) {
                batch.add(this);
            }
        }
    }

    private boolean hears(byte how) {
        return how == RUNNING || (how == ENDING && !awaitsEnd());
    }

    /** Like {@link #tell(boolean, Batch)}, with the interrupt handed over at once. */
    public final void tell(boolean repeated) {
        Batch batch = new Batch();
        tell(repeated, batch);
        batch.handOver();
    }

    /**
     * Interrupts the thread for what it wants now, if anything. May block.
     *
     * @param nanos the time, as well as it is known
     */
    @Override
    public final void send(long nanos) {
        boolean first = true; // whether it is wanted is asked once it is claimed, anyway
        while (hears(waiting) && ((first && signal == null) || wanted(again) != null)) {
            first = false;
            Signal s = signal;
            if (s == null) {
                Signal fresh = new Signal();
                if (SIGNAL.compareAndSet(this, null, fresh) && send(fresh, nanos)) {
                    return;
                }
            } else if (s.state() == Signal.SENDING) {
                return;
            } else if (s.state() == Signal.VOID) {
                SIGNAL.compareAndSet(this, s, null);
            } else if (thread.isInterrupted()) {
                again = false;
                return;
            } else if (s.move(Signal.SENT, Signal.SENDING) && send(s, nanos)) {
                return;
            }
        }
    }

    /** False if nothing is wanted any more; maybe something else is by now. */
    private boolean send(Signal claimed, long nanos) {
        Object cause = null;
        try {
            cause = signal == claimed && hears(waiting) ? wanted(again) : null;
        } finally { // also where there is no memory to find out: the owner may await it
            if (cause == null) {
                settleUnsent(claimed);
            }
        }
        if (cause != null) {
            interruptFor(claimed, cause, nanos);
            claimed.settle(Signal.SENT);
            wakeIfAwaited();
        }
        return cause != null;
    }

    private void settleUnsent(Signal claimed) {
        if (claimed.cause() != null) {
            claimed.settle(Signal.SENT);
        } else {
            claimed.settle(Signal.VOID);
            SIGNAL.compareAndSet(this, claimed, null);
        }
        wakeIfAwaited();
    }

    private void wakeIfAwaited() {
        if (ownerAwaits) {
            LockSupport.unpark(thread);
        }
    }

    final void interruptFor(Signal s, Object cause, long nanos) {
        s.sends(cause, s.cause() == null && !ownsFlag() && thread.isInterrupted(), nanos);
        dropAgain();
        if (!everSent) {
            // The interrupt status, which the owner reads first, is a volatile write to come.
            EVER_SENT.setRelease(this, true);
        }
        try {
            thread.interrupt();
        } catch (Throwable e) {
            // What a channel's close throws comes out of interrupt(). The status was set before,
            // but a virtual thread has not been woken. No second interrupt(): the owner may have
            // gone on by now (see awaitSent), and an interrupt of ours would stray.
            LockSupport.unpark(thread);
            Reports.report(
                    Report.INTERRUPT_FAILED,
                    "interrupting " + thread + " threw; it was woken all the same",
                    e);
        }
    }

    // ---- what both sides look at -----------------------------------------------------------

    /** Cause of an interrupt that was sent and of which the owner has taken no notice yet. */
    protected final @Nullable Object sentCause() {
        Signal s = signal;
        return s == null ? null : s.cause();
    }

    /** Whether an interrupt of ours has ever been sent to this thread on this strand. */
    protected final boolean everSent() {
        return everSent;
    }

    protected final void dropAgain() {
        if (again) {
            again = false;
        }
    }

    protected final void begin(byte how) {
        waiting = how;
    }

    /** Owner: the wait is over; what arrived meanwhile is made visible as an interrupt. */
    protected final void running() {
        waiting = RUNNING;
    }

    /**
     * Owner: the same, where the owner moves next: that is a volatile write before it looks at its
     * mark.
     */
    protected final void runningSoon() {
        WAITING.setRelease(this, RUNNING);
    }

    /** Owner: nothing is sent any more, once a compare-and-set has followed. */
    protected final void shieldedSoon() {
        WAITING.setRelease(this, SHIELDED);
    }

    /** Owner: the same until the block has ended. */
    protected final void endingSoon() {
        WAITING.setRelease(this, ENDING);
    }

    /** Interrupt status of the calling thread, read and cleared: for threads without a strand. */
    public static boolean clearCallersInterrupt() {
        return Thread.interrupted();
    }

    /** Sets the interrupt status of the calling thread. */
    public static void interruptCaller() {
        Thread.currentThread().interrupt();
    }

    /** For reports: whether a call of {@code interrupt()} on this thread has not returned yet. */
    public final boolean interruptInFlight() {
        Signal s = signal;
        return s != null && s.state() == Signal.SENDING;
    }

    /** For reports: since when that call has not returned; only if there is one. */
    public final long inFlightSince() {
        Signal s = signal;
        return s == null ? System.nanoTime() : s.nanos();
    }

    /**
     * For reports: when an interrupt was sent for {@code cause} that something has consumed by now,
     * in nanoTime terms; empty if none was, or the owner has taken notice of it since.
     */
    protected final OptionalLong consumed(Object cause) {
        Signal s = signal;
        return s != null
                        && s.cause() == cause
                        && s.state() == Signal.SENT
                        && !thread.isInterrupted()
                ? OptionalLong.of(s.nanos())
                : OptionalLong.empty();
    }

    /** For reports: whether an interrupt was sent on this strand. */
    public final boolean wasInterrupted() {
        return everSent;
    }
}
