package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps what must not be lost with what leaves instead. */
final class Problems {
    /** Longer chains of causes than this are cycles, or as good as one. */
    private static final int CHAIN = 100;

    private Problems() {}

    /**
     * Adds {@code extra} as a suppressed exception, unless it is there already.
     *
     * @return false if {@code main} takes none
     */
    static boolean keep(Throwable main, Throwable extra) {
        if (holds(main, extra)) {
            return true;
        }
        main.addSuppressed(extra);
        return holds(main, extra);
    }

    private static boolean holds(Throwable main, Throwable extra) {
        return main == extra
                || cause(main) == extra
                || Stream.of(main.getSuppressed()).anyMatch(s -> s == extra);
    }

    /**
     * Notes in a failure that the code was being cancelled when it failed. Once for each kind of
     * note: an exception that many tasks throw does not collect them without end.
     */
    static void note(Throwable failure, Throwable note) {
        for (Throwable s : failure.getSuppressed()) {
            if (s.getClass() == note.getClass()) {
                return;
            }
        }
        failure.addSuppressed(note);
    }

    /** The cause; null also where an exception's own {@code getCause} throws. */
    static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    /** A signal that carries nothing which somebody might want to know. */
    static boolean isBareSignal(Throwable thrown) {
        return thrown instanceof InterruptedException
                && cause(thrown) == null
                && thrown.getSuppressed().length == 0;
    }

    /**
     * The same for one of the JDK's own class, which runs no foreign code. Both getters lock it:
     * where that is done already they take no atomic step, and every cancelled task ends here.
     */
    private static boolean isBareLocked(Throwable signal) {
        synchronized (signal) {
            return signal.getCause() == null && signal.getSuppressed().length == 0;
        }
    }

    /** Whether a signal has something with it that failed in the clean-up. */
    static boolean carriesMore(Throwable thrown) {
        if (thrown.getClass() == InterruptedException.class && isBareLocked(thrown)) {
            return false;
        }
        Throwable t = thrown;
        for (int i = 0; t != null && i < CHAIN; i++) {
            for (Throwable s : t.getSuppressed()) {
                if (!isBareSignal(s)) {
                    return true;
                }
            }
            t = cause(t);
        }
        return false;
    }

    /** What left code that ends without an exception: what it carries beside that is reported. */
    static void reportCleanUp(String where, Throwable thrown) {
        if (carriesMore(thrown)) {
            Reports.report(
                    Report.CLEANUP_FAILED,
                    where + " was cancelled, and something failed in its clean-up",
                    thrown);
        }
    }
}
