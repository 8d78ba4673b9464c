package dev.curfew;

import dev.curfew.internal.delivery.Workers;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;

/** Where listeners run that have no task's thread to run on. */
final class Callbacks {
    private static final int THREADS = 16;

    private static final class Lazy {
        static final Workers WORKERS =
                new Workers(
                        "curfew-listeners",
                        THREADS,
                        () ->
                                Reports.report(
                                        Report.LISTENERS_EXHAUSTED,
                                        THREADS
                                                + " listeners are running and none has ended;"
                                                + " further ones wait for one of them"));
    }

    private Callbacks() {}

    static void execute(Runnable action) {
        Lazy.WORKERS.execute(action);
    }
}
