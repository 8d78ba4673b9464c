package dev.curfew;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of a group's tasks when it was shut down, see {@link ServiceGroup#shutdown}.
 *
 * @param drained how many of the tasks that it had ended within the drain
 * @param stopped those that had to be cancelled, and have ended
 * @param left those that have not ended
 * @param took how long it took altogether
 * @param details for each that is left, what it was doing and what to do about it; empty if none is
 */
public record ShutdownReport(
        int drained, List<Task<?>> stopped, List<Task<?>> left, Duration took, String details) {

    /** Keeps copies of the lists. */
    public ShutdownReport {
        stopped = List.copyOf(stopped);
        left = List.copyOf(left);
    }

    /**
     * Whether nothing is left.
     *
     * @return true if all tasks have ended
     */
    public boolean complete() {
        return left.isEmpty();
    }

    /** Whom it had to stop and who is left, in one line. */
    @Override
    public String toString() {
        return drained
                + " finished, "
                + stopped.size()
                + " stopped"
                + names(stopped)
                + ", "
                + left.size()
                + " left"
                + names(left)
                + " after "
                + took.toMillis()
                + " ms";
    }

    private static String names(List<Task<?>> tasks) {
        return tasks.isEmpty()
                ? ""
                : tasks.stream()
                        .map(task -> Text.harmless(task.name()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }
}
