package dev.curfew;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * <em>You</em> are being cancelled: the code that this is thrown in. Clean up, and let it leave.
 *
 * <p>Thrown by the library's own waits and checkpoints, with the reason. Calls of the JDK throw a
 * plain {@link InterruptedException} for the same cancellation; catch that one to catch both, and
 * ask the scope for the reason. What you waited for having been cancelled is another matter, and
 * another exception: {@link TaskCancelledException}.
 *
 * <p>As with asyncio's {@code CancelledError}, swallowing it ends nothing: the scope stays
 * cancelled, and its next checkpoint throws again.
 *
 * <p>Its stack trace shows the wait that was cut short. Filling it costs some 0.2 µs for a shallow
 * stack; the message is put together only when somebody asks for it.
 */
public final class CancelledException extends InterruptedException {
    @Serial private static final long serialVersionUID = 1L;

    private final CancelReason reason;

    CancelledException(CancelReason reason) {
        this.reason = reason;
    }

    CancelledException(CancelReason reason, @Nullable Throwable cause) {
        this.reason = reason;
        initCause(cause);
    }

    /**
     * Why the code is being cancelled. Where several enclosing scopes are cancelled it is the
     * reason of the outermost.
     *
     * @return the reason
     */
    public CancelReason reason() {
        return reason;
    }

    /** Says why, in one line. */
    @Override
    public String getMessage() {
        return "this code is being cancelled: "
                + reason
                + "; clean up and let this exception leave";
    }
}
