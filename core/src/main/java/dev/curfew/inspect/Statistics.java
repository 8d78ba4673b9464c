package dev.curfew.inspect;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link TaskTree} amounts to. Counts what was in the snapshot, so as weakly consistent.
 *
 * @param tasks how many live tasks there are in each state; every state is a key
 * @param groups how many groups, of blocks and service groups
 * @param runnable how many tasks' threads were running or waiting for a processor, of those that
 *     the snapshot looked at
 * @param nextDeadline the time until the first deadline, zero if it has passed and its code has not
 *     ended; empty if nothing has one
 */
public record Statistics(
        Map<Entry.State, Integer> tasks,
        int groups,
        int runnable,
        Optional<Duration> nextDeadline) {

    /** Copies the map. */
    public Statistics {
        tasks = Collections.unmodifiableMap(new EnumMap<>(tasks));
    }

    /**
     * How many live tasks there are.
     *
     * @return the sum over all states
     */
    public int live() {
        return tasks.values().stream().mapToInt(Integer::intValue).sum();
    }

    static Statistics of(List<Entry> entries) {
        Map<Entry.State, Integer> tasks = new EnumMap<>(Entry.State.class);
        for (Entry.State state : Entry.State.values()) {
            tasks.put(state, 0);
        }
        int groups = 0;
        int runnable = 0;
        for (Entry e : entries) {
            switch (e.kind()) {
                case TASK -> {
                    tasks.merge(e.state(), 1, Integer::sum);
                    if (e.waiting().filter(w -> w.thread() == Thread.State.RUNNABLE).isPresent()) {
                        runnable++;
                    }
                }
                case GROUP, SERVICE_GROUP -> groups++;
                case THREAD, SCOPE, SHIELD, HOOK -> {}
            }
        }
        Optional<Duration> next =
                entries.stream().flatMap(e -> e.left().stream()).min(Duration::compareTo);
        return new Statistics(tasks, groups, runnable, next);
    }
}
