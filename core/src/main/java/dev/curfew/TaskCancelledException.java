package dev.curfew;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What you <em>waited for</em> was cancelled: a task, a block or a scope. You are not; your own
 * cancellation is {@link CancelledException}.
 *
 * <p>Thrown by {@link Task#await()}, {@link Outcome#get()} and by a block with a value that was
 * cancelled by hand. Its cause is what left the cancelled body, if that was kept. It is a {@link
 * CancellationException}, which is an {@link IllegalStateException}: catch it before that one.
 *
 * <p>A serialized copy has no {@link #task()}; its message still names it.
 */
public final class TaskCancelledException extends CancellationException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient @Nullable Task<?> task;
    private final CancelReason reason;
    private @Nullable String writtenMessage;

    TaskCancelledException(@Nullable Task<?> task, CancelReason reason, @Nullable Throwable cause) {
        this.task = task;
        this.reason = reason;
        initCause(cause);
    }

    /**
     * The task that was cancelled.
     *
     * @return the task; empty if it was a block or a scope
     */
    public Optional<Task<?>> task() {
        return Optional.ofNullable(task);
    }

    /**
     * Why it was cancelled.
     *
     * @return the reason
     */
    public CancelReason reason() {
        return reason;
    }

    /** Says what was cancelled and why, in one line. */
    @Override
    public String getMessage() {
        if (writtenMessage != null) {
            return writtenMessage;
        }
        return (task != null ? Text.nameOf(task) : "what this code waited for")
                + " was cancelled: "
                + reason
                + "; use join() where that is to be expected";
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        writtenMessage = getMessage();
        out.defaultWriteObject();
    }
}
