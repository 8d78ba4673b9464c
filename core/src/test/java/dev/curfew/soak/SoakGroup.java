package dev.curfew.soak;

import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A group of a program, with what was forked into it by whomever, and what left it. */
final class SoakGroup {
    private final SoakRecord record;
    private final TaskGroup group;

    /** Whether a failure of an ordinary task leaves its block. */
    private final boolean throwsFailures;

    private final List<Task<?>> tasks = new CopyOnWriteArrayList<>();
    private volatile boolean over;
    private volatile @Nullable Throwable thrown;

    SoakGroup(SoakRecord record, TaskGroup group, boolean throwsFailures) {
        this.record = record;
        this.group = group;
        this.throwsFailures = throwsFailures;
    }

    TaskGroup group() {
        return group;
    }

    List<Task<?>> tasks() {
        return tasks;
    }

    boolean throwsFailures() {
        return throwsFailures;
    }

    @Nullable Throwable thrown() {
        return thrown;
    }

    /** May come after the end: its forker was slow to say so. */
    void add(Task<?> task) {
        tasks.add(task);
        if (over) {
            hasEnded(task);
        }
    }

    /** Nothing outlives it. */
    void ended(@Nullable Throwable leaving) {
        thrown = leaving;
        over = true;
        tasks.forEach(this::hasEnded);
    }

    private void hasEnded(Task<?> task) {
        if (!task.state().name().matches("SUCCEEDED|FAILED|CANCELLED")) {
            record.broken(task + " outlived " + group);
        }
    }
}
