package dev.curfew.internal.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** An action that {@link Timer} runs at its time, unless it is cancelled before. */
public final class Timed {
    final long deadline;
    private static final VarHandle ACTION;

    static {
        try {
            ACTION = MethodHandles.lookup().findVarHandle(Timed.class, "action", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Runnable action;

    /** Link of the stack that new ones are in; written before this is published there. */
    @Nullable Timed next;

    /** Which stack that is; -1 if it is in none. */
    int stack = -1;

    /** How many are below in that stack, cancelled ones included. */
    int below;

    /** It has come from the stack into the timer's queue. */
    volatile boolean queued;

    Timed(long deadline, Runnable action) {
        this.deadline = deadline;
        ACTION.set(this, action); // it is published by a compare-and-set
    }

    /**
     * Drops the action, and what it refers to. Never blocks. One that is running, or about to, is
     * neither stopped nor waited for.
     */
    public void cancel() {
        if (action != null) {
            ACTION.setRelease(this, null);
            if (queued) {
                Timer.droppedFromQueue();
            } else {
                Timer.takeBack(this);
            }
        }
    }

    boolean isCancelled() {
        return action == null;
    }

    /**
     * For the timer's thread alone.
     *
     * @return false if there was no memory for it: it is to be run again
     */
    boolean run() {
        Runnable now = action;
        action = null;
        if (now == null) {
            return true;
        }
        try {
            now.run();
        } catch (OutOfMemoryError e) {
            action = now;
            return false;
        } catch (Throwable e) {
            Thread thread = Thread.currentThread();
            try {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            } catch (Throwable handlersOwn) {
                // There is nobody left to tell, as when any thread's handler throws.
            }
        }
        return true;
    }
}
