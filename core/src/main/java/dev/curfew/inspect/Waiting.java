package dev.curfew.inspect;

import java.util.List;
import java.util.Optional;

/**
 * Where a thread is, and what it waits for.
 *
 * @param thread the thread's state
 * @param on what it waits for in a call of the library's, such as {@code task fetch}
 * @param onId the entry of that
 * @param frame the innermost frame of the program's own code
 * @param call the call that was made there, if it is one of the JDK's or the library's
 * @param lock the object that it is parked on
 * @param lockOwner who holds that, where it can be known
 * @param advice for one that was asked to stop: why it has not, and what to do
 * @param stack the stack, innermost frame first, without the outermost of a deep one
 */
public record Waiting(
        Thread.State thread,
        Optional<String> on,
        Optional<String> onId,
        Optional<StackTraceElement> frame,
        Optional<StackTraceElement> call,
        Optional<String> lock,
        Optional<String> lockOwner,
        Optional<Advice> advice,
        List<StackTraceElement> stack) {

    /** Copies the list. */
    public Waiting {
        stack = List.copyOf(stack);
    }
}
