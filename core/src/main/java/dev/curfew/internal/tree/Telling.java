package dev.curfew.internal.tree;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads whose task has ended, while they tell its listeners and its group's failure handler.
 *
 * <p>Such a task is in {@link StrandTable} no more, yet its group waits for the telling to end. So
 * what a listener waits for can close a cycle: {@link Waits} takes the thread for its task here.
 * And the entry keeps the thread reachable: a parked virtual thread that nothing refers to is
 * garbage.
 */
public final class Telling {
    /** By the thread's id: a thread factory's class may redefine equality. */
    private static final Map<Long, Strand> STRANDS = new ConcurrentHashMap<>();

    private Telling() {}

    /** On the thread of a task that has ended. */
    public static void run(Strand ended, Runnable action) {
        long id = ended.thread().threadId();
        STRANDS.put(id, ended);
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

    /** The task's strand that this thread is, or whose end it tells; null if there is none. */
    static @Nullable Strand taskOf(Strand strand) {
        if (strand.task() != null) {
            return strand;
        }
        return STRANDS.isEmpty() ? null : STRANDS.get(strand.thread().threadId());
    }
}
