package dev.curfew;

import dev.curfew.internal.delivery.Workers;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.time.Timer;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.watch.Stuck;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Names what was asked to stop and has not ended: in the log, and in exceptions. */
final class Patience {
    private static final int THREADS = 4;

    /** Intervals double from report to report, up to this many times the patience. */
    private static final int SLOWEST = 64;

    private static final class Lazy {
        static final Workers WORKERS = new Workers("curfew-watch", THREADS, () -> {});
    }

    private Patience() {}

    /** Runs something that looks at many strands. */
    static void execute(Runnable look) {
        Lazy.WORKERS.execute(look);
    }

    /** Reports what is left of {@code request} after the patience, and again, ever more rarely. */
    static void watch(Request request, long patienceNanos) {
        schedule(request, patienceNanos, 1);
    }

    /** How long after the last report the next one comes, in nanoseconds. */
    static long after(long patienceNanos, int times) {
        return Math.min(patienceNanos, Long.MAX_VALUE / (4L * SLOWEST)) * times;
    }

    /** How many times the patience the next interval is. */
    static int slower(int times) {
        return Math.min(2 * times, SLOWEST);
    }

    private static void schedule(Request request, long patienceNanos, int times) {
        try {
            request.watch(
                    Timer.schedule(
                            System.nanoTime() + after(patienceNanos, times),
                            () -> execute(() -> look(request, patienceNanos, times))));
        } catch (OutOfMemoryError noTimer) {
            // cancel() must not throw for want of a thread that only reports.
        }
    }

    private static void look(Request request, long patienceNanos, int times) {
        List<Strand> stuck = Stuck.of(request);
        if (stuck.isEmpty()) {
            return;
        }
        CancelReason reason = Reasons.of(request);
        Map<Report, List<Strand>> kinds = new EnumMap<>(Report.class);
        for (Strand s : stuck) {
            kinds.computeIfAbsent(Stuck.kind(s, request), _ -> new ArrayList<>()).add(s);
        }
        kinds.forEach((kind, strands) ->
                Reports.report(
                        kind, Stuck.describe(strands, request, reason.toString(), reason.where())));
        schedule(request, patienceNanos, slower(times));
    }

    /** What keeps a service group that was asked to end; empty if nothing does. */
    static String describe(ServiceCore group) {
        Request request = group.ended() ? null : group.node().own();
        List<Strand> stuck = request == null ? List.of() : Stuck.of(request);
        if (request == null || stuck.isEmpty()) {
            return "";
        }
        CancelReason reason = Reasons.of(request);
        return Stuck.describe(stuck, request, reason.toString(), reason.where());
    }

    /** What whoever waited for {@code task} with patience is told. */
    static UnresponsiveTaskException unresponsive(TaskImpl<?> task) {
        Request request =
                Objects.requireNonNull(
                        task.strand().root().inForce(), "the task was asked to stop");
        CancelReason reason = Reasons.of(request);
        StackTraceElement[] stack = task.strand().thread().getStackTrace();
        StringBuilder text = new StringBuilder();
        Stuck.describe(task.strand(), request, reason.toString(), reason.where(), text, stack);
        List<Strand> behind =
                Stuck.of(request).stream().filter(strand -> strand != task.strand()).toList();
        text.append("\n  JDK ").append(Runtime.version());
        if (!behind.isEmpty()) {
            text.append("\n  it waits for its own tasks:\n")
                    .append(Stuck.describe(behind, request, reason.toString(), reason.where()));
        }
        return new UnresponsiveTaskException(task, reason, text.toString(), stack);
    }
}
