package dev.curfew.benchmarks;

import org.jspecify.annotations.Nullable;

/** Somebody who is measured. What it cannot do it answers with null, and is named for it. */
public abstract class Contender {
    private final String name;

    protected Contender(String name) {
        this.name = name;
    }

    public final String name() {
        return name;
    }

    /** W1: fork {@code n} trivial tasks, wait for all, and read their values. */
    public @Nullable Operation forkAndJoin(int n) {
        return null;
    }

    /** W2: fork {@code n} tasks that block, cancel them all, and wait until all have ended. */
    public @Nullable Operation cancelAll(int n) {
        return null;
    }

    /** W3: enter and leave a timeout of a minute, which does not fire. */
    public @Nullable Operation timeout() {
        return null;
    }

    /** W4: groups in tasks of groups, so deep. */
    public @Nullable Operation nested(int depth) {
        return null;
    }

    /** W6: cancel one parked task and wait for its end; a sample for each. */
    public @Nullable Operation cancelOne() {
        return null;
    }

    /** W7: a group of {@code n} tasks that block, but for the last, which fails. */
    public @Nullable Operation oneFails(int n) {
        return null;
    }

    /** W8: from a platform thread, a group with one task. */
    public @Nullable Operation fromPlatformThread() {
        return null;
    }

    /**
     * W10: {@code n} requests at a time, each 10 forks that wait a millisecond, under a timeout.
     */
    public @Nullable Operation requests(int n) {
        return null;
    }

    /**
     * W9: tasks in groups of tasks, so deep, of which the innermost blocks; cancel the outermost.
     */
    public @Nullable Operation cancelTree(int depth) {
        return null;
    }

    /** W5: keeps {@code n} tasks blocked while {@code action} runs. */
    public @Nullable Holding holding(int n) {
        return null;
    }

    /** Keeps tasks blocked. */
    @FunctionalInterface
    public interface Holding {
        void whileBlocked(Runnable action) throws Exception;
    }
}
