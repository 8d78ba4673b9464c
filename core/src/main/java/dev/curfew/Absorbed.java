package dev.curfew;

import dev.curfew.internal.report.Growing;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import org.jspecify.annotations.Nullable;

/** Says of tasks that were told to stop and ended with a value. */
final class Absorbed {
    private static final Growing INTERVAL = new Growing();

    private Absorbed() {}

    /** What is in force, if the body was told of it; asked before others can ask for more. */
    static @Nullable Request request(Strand strand) {
        Request request = strand.root().inForce();
        return request != null && strand.wasTold(request) ? request : null;
    }

    static void report(String label, Request request) {
        String message =
                INTERVAL.next(
                        label + " was told to stop, and ended with a value: " + request.reason(),
                        System.nanoTime());
        if (!message.isEmpty()) {
            Reports.report(Report.ABSORBED, message);
        }
    }
}
