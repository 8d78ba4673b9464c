package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.util.stream.Stream;

/** Keeps what must not be lost with what leaves instead. */
final class Problems {
    private Problems() {}

    /** Adds {@code extra} as a suppressed exception, unless it is there already. */
    static void keep(Throwable main, Throwable extra) {
        if (main == extra || main.getCause() == extra) {
            return;
        }
        for (Throwable s : main.getSuppressed()) {
            if (s == extra) {
                return;
            }
        }
        main.addSuppressed(extra);
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

    /** A signal that carries nothing which somebody might want to know. */
    static boolean isBareSignal(Throwable thrown) {
        return thrown instanceof InterruptedException
                && thrown.getCause() == null
                && thrown.getSuppressed().length == 0;
    }

    /** Whether what left cancelled code carries something that failed in its clean-up. */
    static boolean carriesFailure(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (!Stream.of(t.getSuppressed()).allMatch(Problems::isBareSignal)) {
                return true;
            }
        }
        return false;
    }

    /** What left code that ends without an exception: what it carries beside that is reported. */
    static void reportCleanUp(String where, Throwable thrown) {
        if (carriesFailure(thrown)) {
            Reports.report(
                    Report.CLEANUP_FAILED,
                    where + " was cancelled, and something failed in its clean-up",
                    thrown);
        }
    }
}
