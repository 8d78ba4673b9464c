package dev.curfew.internal.delivery;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;

/** The threads whose only work is to call {@link Thread#interrupt}. */
final class Senders {
    /** How many threads may be blocked in {@code interrupt()} at the same time. */
    private static final int THREADS = 256;

    private static final Workers WORKERS =
            new Workers(
                    "curfew-interrupts",
                    THREADS,
                    () ->
                            Reports.report(
                                    Report.INTERRUPTS_EXHAUSTED,
                                    THREADS
                                            + " threads are blocked in Thread.interrupt();"
                                            + " further interrupts wait for one of them"));

    private Senders() {}

    /** One whose initializer runs out of memory is unusable for ever. */
    static void load() {}

    static void execute(Runnable interrupts) {
        WORKERS.execute(interrupts);
    }
}
