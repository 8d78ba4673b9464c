package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.lang.ref.Cleaner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a service group has become unreachable without having been closed. Refers to nothing
 * that refers to the group; the group's live tasks do, so one that is noticed here has none.
 */
final class Forgotten implements Runnable {
    private static final class Lazy {
        static final Cleaner CLEANER =
                Cleaner.create(
                        Thread.ofPlatform()
                                .daemon()
                                .name("curfew-forgotten")
                                .inheritInheritableThreadLocals(false)
                                .factory());
    }

    private final String name;
    private final @Nullable Site opened;
    private volatile boolean closed;

    private Forgotten(String name) {
        this.name = name;
        this.opened = Site.here();
    }

    static Forgotten watch(ServiceGroup group, String name) {
        Forgotten forgotten = new Forgotten(name);
        Lazy.CLEANER.register(group, forgotten);
        return forgotten;
    }

    /** Tells of what has become unreachable; its actions must not block. */
    static Cleaner cleaner() {
        return Lazy.CLEANER;
    }

    void closed() {
        closed = true;
    }

    /** The group is garbage. */
    @Override
    public void run() {
        if (closed) {
            return;
        }
        List<StackTraceElement> frames = opened == null ? List.of() : List.of(opened.frames());
        Reports.report(
                Report.GROUP_FORGOTTEN,
                "service group "
                        + Text.harmless(name)
                        + " was forgotten: nothing refers to it any more, and it was not closed"
                        + (frames.isEmpty() ? "" : "; it was opened at " + frames.getFirst()));
    }
}
