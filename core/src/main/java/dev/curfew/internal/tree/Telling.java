package dev.curfew.internal.tree;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run code on behalf of a task whose end, or that of its group, waits for it: the
 * task's own thread while it tells listeners and the group's failure handler, and the thread of a
 * cancel hook.
 *
 * <p>So what a listener or hook waits for can close a cycle: {@link Waits} takes the thread for the
 * task here. A task that has ended is in {@link StrandTable} no more; the entry keeps its thread
 * reachable: a parked virtual thread that nothing refers to is garbage.
 */
public final class Telling {
    /** By the thread's id: a thread factory's class may redefine equality. */
    private static final Map<Long, Strand> STRANDS = new ConcurrentHashMap<>();

    private Telling() {}

    /** What is run for a task. */
    @FunctionalInterface
    public interface Action<X extends Exception> {
        void run() throws X;
    }

    /**
     * Runs something on the calling thread for a task.
     *
     * @param strand the task's; of another, nothing can wait for it
     */
    public static <X extends Exception> void run(Strand strand, Action<X> action) throws X {
        if (strand.task() == null) {
            action.run();
            return;
        }
        long id = Thread.currentThread().threadId();
        STRANDS.put(id, strand);
        try {
            action.run();
        } finally {
            STRANDS.remove(id);
        }
    }

    /** Every such task; those that come and go meanwhile may be missed. */
    public static void forEach(Consumer<? super Strand> action) {
        STRANDS.values().forEach(action);
    }

    /** The task's strand that this is, or that its thread acts for; null if there is none. */
    static @Nullable Strand taskOf(Strand strand) {
        if (strand.task() != null) {
            return strand;
        }
        return STRANDS.isEmpty() ? null : STRANDS.get(strand.thread().threadId());
    }
}
