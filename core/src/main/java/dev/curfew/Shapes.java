package dev.curfew;

import dev.curfew.internal.tree.Shape;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/** Looks at what left a body: whether a cancellation can have been the cause. */
final class Shapes {
    /** Longer chains of causes than this are cycles, or as good as one. */
    private static final int CHAIN = 100;

    private Shapes() {}

    static Shape of(@Nullable Throwable thrown) {
        if (thrown == null) {
            return Shape.NOTHING;
        }
        boolean socket = false;
        Throwable t = thrown;
        for (int i = 0; t != null && i < CHAIN; i++) {
            if (isOthersEnd(t)) {
                return Shape.FIRM;
            }
            if (isInterruption(t)) {
                return Shape.SIGNAL;
            }
            socket |= t instanceof SocketException;
            t = Problems.cause(t);
        }
        if (socket) {
            return Shape.SOCKET;
        }
        return thrown instanceof Exception ? Shape.EXCEPTION : Shape.FIRM;
    }

    /** Says how something else ended; a signal among its causes was not for this code. */
    private static boolean isOthersEnd(Throwable t) {
        return t instanceof TaskFailedException
                || t instanceof TaskCancelledException
                || t instanceof DeadlineExceededException
                || t instanceof UnresponsiveTaskException;
    }

    private static boolean isInterruption(Throwable t) {
        return t instanceof InterruptedException
                || t instanceof ClosedByInterruptException
                || t instanceof FileLockInterruptionException
                || (t instanceof InterruptedIOException && !(t instanceof SocketTimeoutException));
    }

    /** Whether a refused fork is what ended the code. */
    static boolean isRefusal(Throwable thrown) {
        Throwable t = thrown;
        for (int i = 0; t != null && i < CHAIN; i++) {
            if (t instanceof GroupClosedException) {
                return true;
            }
            t = Problems.cause(t);
        }
        return false;
    }

    /** Throws {@code thrown}, which is of the type that the caller declares. */
    @SuppressWarnings("unchecked")
    static <X extends Throwable> X sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
