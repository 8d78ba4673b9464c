package dev.curfew;

import dev.curfew.internal.delivery.Workers;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where listeners run that have no task's thread to run on, and what keeps the others alive. */
final class Callbacks {
    private static final int THREADS = 16;

    /**
     * Tasks whose listeners run on their own threads: such a task is in no table any more, and a
     * parked virtual thread that nothing refers to is garbage.
     */
    private static final Set<TaskImpl<?>> TELLING = ConcurrentHashMap.newKeySet();

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

    static void keepReachable(TaskImpl<?> task, Runnable action) {
        TELLING.add(task);
        try {
            action.run();
        } finally {
            TELLING.remove(task);
        }
    }
}
