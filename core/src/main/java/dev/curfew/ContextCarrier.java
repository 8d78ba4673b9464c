package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Carries something that belongs to the forking thread, mostly the values of thread locals, to the
 * thread of the task that it forks: a logging context, a trace, a user.
 *
 * {@snippet file="dev/curfew/samples/ContextSamples.java" region="carrier"}
 *
 * <p>A carrier that is set with {@link Config#withContextCarrier} serves one group, and the blocks
 * that its tasks open. One that is found by {@link java.util.ServiceLoader}, in the class loader of
 * this library when the first group is made, serves every group; the artifact {@code curfew-mdc}
 * has one for SLF4J's MDC. Where there is none a fork costs nothing.
 *
 * <p>For {@link ScopedValue}s see {@link Config#withCarried}.
 */
@FunctionalInterface
public interface ContextCarrier {
    /**
     * Takes what is to be carried. Runs on the forking thread, at each fork, before the task is
     * registered. If it throws, so does the fork, and no task is made.
     *
     * @return what was taken; null if there is nothing to carry
     */
    @Nullable Captured capture();

    /** What was taken from the forking thread. */
    @FunctionalInterface
    interface Captured {
        /**
         * Puts it in place. Runs once, on the task's thread, before the body. If it throws, the
         * body does not run, and the task fails with that.
         *
         * @return undoes it
         */
        Restored restore();
    }

    /** What is in place on the task's thread. */
    @FunctionalInterface
    interface Restored {
        /**
         * Takes it away again. Runs once, on the task's thread, after the body, in the reverse
         * order of the carriers. What it throws is reported and changes nothing for the task.
         */
        void clear();
    }
}
