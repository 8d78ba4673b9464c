package dev.curfew.internal.time;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** An action that {@link Timer} runs at its time, unless it is cancelled before. */
public final class Timed implements Runnable {
    private final Runnable action;
    private @Nullable Future<?> future;

    Timed(Runnable action) {
        this.action = action;
    }

    /** Called before this object is handed out. */
    void scheduledAs(Future<?> future) {
        this.future = future;
    }

    /**
     * Drops the action. Never blocks. One that is running, or about to, is neither stopped nor
     * waited for.
     */
    public void cancel() {
        if (future != null) {
            future.cancel(false);
        }
    }

    /** For the timer's thread alone. */
    @Override
    public void run() {
        try {
            action.run();
        } catch (Throwable e) {
            // The pool would keep it in a future that nobody reads.
            Thread thread = Thread.currentThread();
            try {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            } catch (Throwable handlersOwn) {
                // There is nobody left to tell, as when any thread's handler throws.
            }
        }
    }
}
