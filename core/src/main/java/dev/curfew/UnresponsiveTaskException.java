package dev.curfew;

import java.io.Serial;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task that was asked to stop has not ended within the patience of whoever waited. It goes on,
 * stays cancelled and stays owned by its group, which will still wait for it.
 *
 * <p>The message is the report on the task: its name, the reason and age of the request, where it
 * was made, where the thread is now, and what to do about it where that is known.
 *
 * <p>A serialized copy has no {@link #task()}.
 */
public final class UnresponsiveTaskException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient @Nullable Task<?> task;
    private final CancelReason reason;
    private final StackTraceElement[] stack;

    /**
     * @param report what the watch says about the task
     */
    UnresponsiveTaskException(
            Task<?> task, CancelReason reason, String report, StackTraceElement[] stack) {
        super(report);
        this.task = task;
        this.reason = reason;
        this.stack = stack.clone();
    }

    /**
     * The task that has not ended.
     *
     * @return the task; empty in a serialized copy only
     */
    public Optional<Task<?>> task() {
        return Optional.ofNullable(task);
    }

    /**
     * Why the task was asked to stop.
     *
     * @return the reason
     */
    public CancelReason reason() {
        return reason;
    }

    /**
     * Where the task's thread was when the patience ran out, innermost frame first. This
     * exception's own stack trace is that of the waiter.
     *
     * @return an immutable list; empty if the thread could not be looked at
     */
    public List<StackTraceElement> stack() {
        return List.of(stack);
    }
}
