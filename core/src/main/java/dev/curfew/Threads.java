package dev.curfew;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Makes the threads of a group's tasks. */
final class Threads {
    private static final ThreadFactory VIRTUAL = Thread.ofVirtual().factory();

    /** Those of nearly every group. */
    private static final Threads DEFAULT = new Threads(null);

    private final @Nullable ThreadFactory factory;

    private Threads(@Nullable ThreadFactory factory) {
        this.factory = factory;
    }

    /**
     * @param factory null for virtual threads without more ado
     */
    static Threads by(@Nullable ThreadFactory factory) {
        return factory == null ? DEFAULT : new Threads(factory);
    }

    /** A new thread for {@code task}, not started. */
    Thread make(Runnable task) {
        if (factory == null) {
            return VIRTUAL.newThread(task);
        }
        Thread thread = factory.newThread(task);
        if (thread == null || thread.getState() != Thread.State.NEW) {
            throw new IllegalStateException(
                    "the thread factory of the group's settings returned "
                            + (thread == null ? "no thread" : "a thread that was started already")
                            + "; it must return a new one, not started");
        }
        return thread;
    }
}
