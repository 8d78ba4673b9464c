package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens to the tasks of every group: for metrics, traces and logs. Listeners are
 * found by {@link java.util.ServiceLoader}, in the class loader of this library when it is first
 * used, and stay for the life of the process. Where there is none, nothing is paid.
 *
 * {@snippet file="dev/curfew/samples/ListenerSamples.java" region="listener"}
 *
 * <p>Each method says which thread calls it; no lock is held then, and several threads may call at
 * the same time. A listener should be short, since it is on the way of what it listens to. It must
 * not wait for tasks or groups. One that throws is removed and reported; the tasks do not notice.
 */
public interface TaskListener {
    /**
     * A task begins. On its thread, before its body, which is not cancelled as long as this runs.
     *
     * @param task the task
     */
    default void started(Task<?> task) {}

    /**
     * A task was asked to stop: itself, with its group, or with what is around that. Told of each
     * request that reaches it, not counting repeated ones and those inside of one that is in force.
     * On a thread of the library's, since who cancels must not be held up; so maybe after the
     * task's end.
     *
     * @param task the task
     * @param reason why
     */
    default void cancelRequested(Task<?> task, CancelReason reason) {}

    /**
     * A task has ended, and its outcome is published. On its thread; its group ends after this has
     * returned.
     *
     * @param task the task. {@link Task#state()} says how it ended; to ask for its {@link
     *     Task#outcome()} counts as reading it, and then a failure that nobody else reads is not
     *     reported
     */
    default void ended(Task<?> task) {}

    /**
     * The library warns of something, beside the log: a task that will not stop, a failure that
     * nobody has read, a hook that failed. On whatever thread found it, which may be one of the
     * library's few. {@code docs/warnings.md} has a section for each id, and {@code
     * -Ddev.curfew.warn.}<i>id</i>{@code =off} switches one off.
     *
     * @param id what it is about, as the log has it, such as {@code stuck}
     * @param message one line, or several
     * @param problem the exception that it is about, if there is one
     */
    default void reported(String id, String message, @Nullable Throwable problem) {}
}
