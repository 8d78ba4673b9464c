package dev.curfew.internal.tree;

import dev.curfew.internal.time.Rush;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When tasks were forked, and for some of them where, kept beside the tasks: none of them carries a
 * byte for it.
 *
 * <p><b>When.</b> The JVM numbers threads in the order in which they are made. So it is enough to
 * note the time of some forks: a task whose number lies between two of them was forked between
 * them. Of {@value #NOTES} notes the older ones are thinned out, so that an old task's time is less
 * exact than a young one's, and a fixed table is enough for ever.
 *
 * <p><b>How often.</b> While forks are rare every one is noted, in a {@link Rush} few are.
 *
 * <p><b>Where.</b> With each note the place is taken, for at most {@value #SITES} live tasks.
 */
public final class Forks {
    private static final int NOTES = 1024;
    private static final int AT_ONCE = 64;
    private static final long PAUSE = 10_000_000;
    private static final int SITES = 1024;

    /** How much is noted: {@code -Ddev.curfew.forks=off}, {@code sampled} or {@code full}. */
    enum Level {
        OFF,
        SAMPLED,
        FULL;

        static Level of(@Nullable String property) {
            return switch (property) {
                case "off" -> OFF;
                case "full" -> FULL;
                case null, default -> SAMPLED;
            };
        }
    }

    private static final Level LEVEL = Level.of(System.getProperty("dev.curfew.forks"));

    // Constants to the compiler, which the elements of a switch over LEVEL are not.
    private static final boolean SAMPLED = LEVEL == Level.SAMPLED;
    private static final boolean FULL = LEVEL == Level.FULL;

    private record Noted(long nanos, Supplier<List<StackTraceElement>> site) {}

    private static final Rush RUSH = new Rush(AT_ONCE, PAUSE);

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Notes TIMES = new Notes(NOTES);

    private static final Map<Long, Noted> PLACES = new ConcurrentHashMap<>();
    private static int tillSweep = SITES;

    private Forks() {}

    /** Whether the next fork is to be noted. */
    public static boolean due() {
        return SAMPLED ? RUSH.due() : FULL;
    }

    /**
     * Notes a fork; or not, if another one is being noted.
     *
     * @param id the number of the task's thread
     * @param here takes the place, if that is wanted
     */
    public static void note(
            long id, Supplier<? extends @Nullable Supplier<List<StackTraceElement>>> here) {
        if (FULL) {
            place(id, System.nanoTime(), here);
        } else if (!RUSH.take()) {
            return;
        }
        if (!LOCK.tryLock()) {
            return;
        }
        try {
            long now = System.nanoTime();
            TIMES.add(id, now);
            if (SAMPLED && hasRoom()) {
                place(id, now, here);
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static void place(
            long id,
            long now,
            Supplier<? extends @Nullable Supplier<List<StackTraceElement>>> here) {
        Supplier<List<StackTraceElement>> site = here.get();
        if (site != null) {
            PLACES.put(id, new Noted(now, site));
        }
    }

    /** Under the lock: room for one more, made where it can be. */
    private static boolean hasRoom() {
        if (PLACES.size() < SITES) {
            return true;
        }
        if (--tillSweep > 0) {
            return false;
        }
        tillSweep = SITES / 4;
        // One that has not begun may lose its place by this: to look for it would be a walk through
        // all tasks, on the thread of a forker.
        PLACES.keySet().removeIf(id -> !StrandTable.hasBegun(id));
        return PLACES.size() < SITES;
    }

    /** A task has ended. Where all are noted they go one by one, else when room is needed. */
    static void forget(long id) {
        if (FULL) {
            PLACES.remove(id);
        }
    }

    /**
     * When the thread was made, in {@link System#nanoTime} terms.
     *
     * @return the time, as well as it is known; null if nothing is noted
     */
    public static @Nullable Long timeOf(long id) {
        Noted exact = PLACES.get(id);
        if (exact != null) {
            return exact.nanos;
        }
        LOCK.lock();
        try {
            return TIMES.timeOf(id);
        } finally {
            LOCK.unlock();
        }
    }

    /** Where the task was forked, innermost frame first; empty if that was not noted. */
    public static List<StackTraceElement> placeOf(long id) {
        Noted noted = PLACES.get(id);
        return noted == null ? List.of() : noted.site.get();
    }

    /** Pairs of number and time, both rising; not thread-safe. */
    static final class Notes {
        private final long[] ids;
        private final long[] nanos;
        private int size;

        Notes(int capacity) {
            ids = new long[capacity];
            nanos = new long[capacity];
        }

        /** Nothing happens if a later number was noted before. */
        void add(long id, long now) {
            if (size > 0 && id <= ids[size - 1]) {
                return;
            }
            if (size == ids.length) {
                thin();
            }
            ids[size] = id;
            nanos[size] = now;
            size++;
        }

        /** Drops every second one of the older half. */
        private void thin() {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (i >= size / 2 || i % 2 == 0) {
                    ids[kept] = ids[i];
                    nanos[kept] = nanos[i];
                    kept++;
                }
            }
            size = kept;
        }

        @Nullable Long timeOf(long id) {
            if (size == 0) {
                return null;
            }
            int at = Arrays.binarySearch(ids, 0, size, id);
            if (at >= 0) {
                return nanos[at];
            }
            int after = -at - 1;
            if (after == 0) {
                return nanos[0];
            }
            if (after == size) {
                return nanos[size - 1];
            }
            double part = (double) (id - ids[after - 1]) / (ids[after] - ids[after - 1]);
            return nanos[after - 1] + (long) (part * (nanos[after] - nanos[after - 1]));
        }

        int size() {
            return size;
        }
    }
}
