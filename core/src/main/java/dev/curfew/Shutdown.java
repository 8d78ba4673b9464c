package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Ending;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.Wake;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Ends a service group step by step: drain, cancel, wait, say what is left. */
final class Shutdown {
    private Shutdown() {}

    static ShutdownReport run(
            ServiceCore core, Duration drain, Duration patience, Runnable accepted) {
        long began = System.nanoTime();
        long drained = Managed.deadline(drain, "drain");
        Managed.requireNotNegative(patience, "patience");
        CancelReason reason = Reasons.requested(CancelReason.Kind.SHUTDOWN, "");
        Set<Task<?>> had = new LinkedHashSet<>();
        Managed.awaitQuietly(
                List.of(core),
                began,
                () -> {
                    accepted.run();
                    had.addAll(core.tasks()); // one may end as soon as it is refused a fork
                    core.drain(reason);
                    had.addAll(core.tasks()); // and one may have come before the door was shut
                });
        drain(core, drained);
        List<Task<?>> late = core.tasks();
        if (!core.ended()) {
            core.shut(reason, Cancelling.By.DELIVERY); // with patience
            Managed.awaitQuietly(List.of(core), Managed.deadline(patience, "patience"), () -> {});
        }
        List<Task<?>> left = core.ended() ? List.of() : core.tasks();
        return new ShutdownReport(
                (int) had.stream().filter(task -> !late.contains(task)).count(),
                late.stream().filter(task -> !left.contains(task)).toList(),
                left,
                Duration.ofNanos(System.nanoTime() - began),
                Patience.describe(core));
    }

    /** Until all have ended, the time is up, or the caller is cancelled or interrupted. */
    private static void drain(ServiceCore core, long until) {
        Strand strand = Strand.currentOrUnlisted();
        Wake wake = strand.await(core, until);
        if (wake == Wake.CANCELLED || wake == Wake.INTERRUPTED) {
            Managed.keepPending(strand, wake);
        }
    }

    static void abandon(ServiceCore core) {
        if (!core.closing()) {
            throw new IllegalStateException(
                    core.label()
                            + " is open: only what was asked to stop can be abandoned. Call"
                            + " shutdown(...) or close() before");
        }
        List<TaskImpl<?>> left = core.ended() ? List.of() : core.present();
        core.abandon();
        left.forEach(Ending::nudge);
        if (!left.isEmpty()) {
            Reports.report(
                    Report.GROUP_ABANDONED,
                    core.label()
                            + " was abandoned; these tasks go on: "
                            + left.stream()
                                    .map(task -> Text.harmless(task.name()))
                                    .collect(Collectors.joining(", ")));
        }
    }
}
