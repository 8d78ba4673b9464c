package dev.curfew.soak;

import static org.assertj.core.api.Assertions.fail;

import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.internal.tree.StrandTable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold of a program that has ended. */
final class SoakChecks {
    private final SoakRecord record;

    SoakChecks(SoakRecord record) {
        this.record = record;
    }

    void check() {
        int forked = record.forked.get();
        if (forked != record.started.get() || forked != record.ended.get()) {
            record.broken(
                    "forked " + forked + ", started " + record.started + ", ended " + record.ended);
        }
        record.groups.forEach(this::nothingLost);
        record.tasks.forEach(this::outcome);
        Set<Task<?>> ours = Set.copyOf(record.tasks);
        StrandTable.forEach(strand -> {
            if (strand.task() instanceof Task<?> task && ours.contains(task)) {
                record.broken(task + " is still in the table of strands");
            }
        });
        if (!record.broken.isEmpty()) {
            fail(String.join("\n", record.broken));
        }
    }

    /** A failure has left its block, or was handled, or somebody has read it. */
    private void nothingLost(SoakGroup group) {
        for (Task<?> task : group.tasks()) {
            Throwable failure = record.left.get(task);
            if (task.state() == Task.State.FAILED
                    && failure != null
                    && !record.read.contains(task)
                    && record.handled.get(task) != failure
                    && !reaches(group.thrown(), failure)) {
                record.broken(
                        "the failure of "
                                + task
                                + " was lost: "
                                + failure
                                + "; the block threw "
                                + group.thrown());
            }
        }
    }

    private void outcome(Task<?> task) {
        Throwable thrown = record.left.get(task);
        switch (task.outcome().orElse(null)) {
            case null -> record.broken(task + " has not ended");
            case Outcome.Succeeded<?> s -> {
                if (thrown != null) {
                    record.broken(task + " succeeded, but its body threw " + thrown);
                }
            }
            case Outcome.Failed<?> f -> {
                if (f.exception() != thrown) {
                    record.broken(task + " failed with " + f.exception() + ", not " + thrown);
                }
                if (thrown instanceof InterruptedException && !record.withdrew.contains(task)) {
                    record.broken(task + " failed with a signal that nobody sent: " + thrown);
                }
            }
            case Outcome.Cancelled<?> c -> {
                boolean own = thrown instanceof SoakRecord.Marked && !record.hooked.contains(task);
                if (c.exception() != thrown || own) {
                    record.broken(
                            task + " was cancelled with " + c.exception() + ", not " + thrown);
                }
            }
        }
    }

    /** Whether an exception is among the causes, suppressed exceptions and failures of another. */
    static boolean reaches(@Nullable Throwable from, Throwable wanted) {
        return reaches(from, wanted, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean reaches(
            @Nullable Throwable from, Throwable wanted, Set<Throwable> seen) {
        if (from == wanted) {
            return true;
        }
        if (from == null || !seen.add(from)) {
            return false;
        }
        if (from instanceof TaskFailedException e && e.failures().contains(wanted)) {
            return true;
        }
        for (Throwable s : from.getSuppressed()) {
            if (reaches(s, wanted, seen)) {
                return true;
            }
        }
        return reaches(from.getCause(), wanted, seen);
    }
}
