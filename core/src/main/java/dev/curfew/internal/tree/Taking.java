package dev.curfew.internal.tree;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Receiver} does itself with the interrupts that it is sent: takes notice of them,
 * takes them back, and sets its own status again. All of this is the owner's.
 */
public abstract non-sealed class Taking extends Receiver {
    /** How long the owner waits for {@code interrupt()} to return once its status was set. */
    private static final long SENDING_NANOS = 5_000_000;

    Taking(@Nullable Node parent, int flags, Thread thread, byte waiting) {
        super(parent, flags, thread, waiting);
    }

    protected final boolean againPending() {
        return again;
    }

    /**
     * Owner: after this no interrupt of ours is under way. One in flight is waited for; one that
     * has not begun finds nothing wanted.
     *
     * @return the one that was sent, which has a cause; null if none was
     */
    final @Nullable Signal take() {
        return signal == null ? null : takeSignal();
    }

    /**
     * Owner: the same after the last time that something could be posted: nothing is wanted any
     * more, and a compare-and-set has followed.
     */
    final @Nullable Signal takeLast() {
        Signal found = signal;
        if (found == null) {
            return null;
        }
        Signal s = halt(found);
        SIGNAL.setRelease(this, null);
        if (s.cause() == null) {
            return null;
        }
        s.taken(thread.isInterrupted());
        return s;
    }

    private @Nullable Signal takeSignal() {
        Signal s;
        do {
            s = signal;
            if (s == null) {
                return null;
            }
            s = halt(s);
        } while (!SIGNAL.compareAndSet(this, s, null)); // another may have been posted meanwhile
        s = halt(s); // it may have been posted, and claimed, once more before it was taken out
        if (s.cause() == null) {
            return null;
        }
        s.taken(thread.isInterrupted());
        return s;
    }

    /**
     * Owner: clears the status of an interrupt that {@link #take} found unseen, unless a stranger's
     * has merged with it. One that was sent for something else since then has merged with ours as
     * well: it is set again.
     */
    final void clearTaken(Signal taken) {
        if (!taken.merged()) {
            clearOurs();
        }
    }

    private void clearOurs() {
        clearInterrupt();
        Signal s = signal;
        if (s == null) {
            return;
        }
        if (s.state() == Signal.SENDING) {
            s = awaitSent(s);
        }
        if (s.state() == Signal.SENT) {
            s.mergedWithOurs();
            if (!thread.isInterrupted()) {
                thread.interrupt();
            }
        }
    }

    /**
     * Owner: like {@link #take} for an interrupt that was consumed; otherwise leaves it alone. One
     * that is sent once more meanwhile is taken back, to be sent when the owner has moved.
     */
    final @Nullable Signal takeSeen() {
        Signal s = signal;
        return s == null ? null : takeSeen(s);
    }

    private @Nullable Signal takeSeen(Signal found) {
        Signal s = found.state() == Signal.SENDING ? awaitSent(found) : found;
        int sent = s.sent();
        if (s.cause() == null || s.state() == Signal.SENDING || thread.isInterrupted()) {
            return null;
        }
        Signal taken = take();
        if (taken != null && taken.unseen() && taken.sent() != sent) {
            again = true;
            clearOurs();
        }
        return taken;
    }

    private Signal halt(Signal found) {
        Signal s = found;
        while (s.state() == Signal.SENDING) {
            s = awaitSent(s);
        }
        return s;
    }

    /**
     * Waits until the interrupt under way has been sent. Not cancellable: it lasts as long as the
     * deliverer needs from its claim to the interrupt status.
     *
     * <p>Not until {@code interrupt()} has returned, though, which may be much later: on a file
     * channel it waits for every reader the channel has, strangers included. It sets the status
     * first (both kinds of thread, JDK 25), and after that it only wakes; so once the status was
     * seen, or has been consumed (the signal's cause is written before the call, and somebody's
     * exception told the owner to look), a few milliseconds are enough, and the owner goes on with
     * a signal of its own in place of the one that the deliverer still holds.
     *
     * @return the signal to go on with; SENT or VOID
     */
    private Signal awaitSent(Signal s) {
        boolean flag = false;
        Signal result = s;
        long patience = System.nanoTime() + SENDING_NANOS;
        ownerAwaits = true;
        while (s.state() == Signal.SENDING) {
            flag |= Thread.interrupted();
            if (s.state() != Signal.SENDING) {
                break;
            }
            long left = patience - System.nanoTime();
            if (left <= 0 && flag && s.cause() != null && !s.merged()) {
                result = s.sentByNow();
                SIGNAL.compareAndSet(this, s, result);
                break;
            }
            LockSupport.parkNanos(s, left > 0 ? left : SENDING_NANOS);
        }
        ownerAwaits = false;
        if (flag) {
            thread.interrupt();
        }
        return result;
    }

    @Override
    protected final void rearm() {
        Object cause = wanted(again);
        if (cause != null) {
            arm(cause);
        }
    }

    private void arm(Object first) {
        for (Object cause = first; cause != null; cause = wanted(again)) {
            Signal s = signal;
            if (s == null) {
                Signal own = new Signal();
                if (SIGNAL.compareAndSet(this, null, own)) {
                    sendOwn(own, cause);
                    return;
                }
            } else if (s.state() == Signal.SENDING) {
                awaitSent(s);
            } else if (s.state() == Signal.VOID) {
                SIGNAL.compareAndSet(this, s, null);
            } else if (thread.isInterrupted()) {
                return;
            } else if (s.move(Signal.SENT, Signal.SENDING)) {
                sendOwn(s, cause);
                return;
            }
        }
    }

    private void sendOwn(Signal claimed, Object cause) {
        interruptFor(claimed, cause, System.nanoTime());
        claimed.settleOwn();
    }

    protected final boolean clearInterrupt() {
        return Thread.interrupted();
    }

    protected final void setInterrupt() {
        thread.interrupt();
    }
}
