package dev.curfew.internal.tree;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The service groups, so that those without a task can be found too. It keeps none of them
 * reachable.
 */
public final class OpenGroups {

    /** One of them. */
    public static final class Entry {
        private final long number;
        private final WeakReference<Members> members;
        private final Supplier<List<StackTraceElement>> opened;
        private final long nanos = System.nanoTime();

        private Entry(long number, Members members, Supplier<List<StackTraceElement>> opened) {
            this.number = number;
            this.members = new WeakReference<>(members);
            this.opened = opened;
        }

        public long number() {
            return number;
        }

        /** Null if it has ended, or is garbage. */
        public @Nullable Members members() {
            Members m = members.get();
            return m == null || m.ended() ? null : m;
        }

        /** Where it was opened, innermost frame first; empty if that was not noted. */
        public List<StackTraceElement> opened() {
            return opened.get();
        }

        /** When it was opened, in {@link System#nanoTime} terms. */
        public long nanos() {
            return nanos;
        }

        /** The group is garbage. */
        public void remove() {
            ENTRIES.remove(number);
        }
    }

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Map<Long, Entry> ENTRIES = new ConcurrentSkipListMap<>();

    private OpenGroups() {}

    /**
     * Adds a group that was just opened; it goes when it has ended or {@link Entry#remove} is
     * called.
     */
    public static Entry add(Members members, Supplier<List<StackTraceElement>> opened) {
        Entry entry = new Entry(NUMBERS.incrementAndGet(), members, opened);
        ENTRIES.put(entry.number, entry);
        return entry;
    }

    /** Those that have not ended, in the order in which they were opened. */
    public static void forEach(Consumer<? super Entry> action) {
        for (Entry entry : ENTRIES.values()) {
            if (entry.members() == null) {
                entry.remove();
            } else {
                action.accept(entry);
            }
        }
    }
}
