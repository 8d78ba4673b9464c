package dev.curfew;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a task, or a scope, ended. Made for a {@code switch}, or for {@link #get()}:
 *
 * {@snippet file="dev/curfew/samples/ApiSamples.java" region="outcome"}
 *
 * <p>Outcomes are immutable.
 *
 * @param <T> the value's type
 */
public sealed interface Outcome<T extends @Nullable Object> {
    /**
     * The value. May be called by any thread any number of times; each call that throws makes a new
     * exception.
     *
     * @return the value of a success
     * @throws TaskFailedException after a failure, with it as cause
     * @throws TaskCancelledException after a cancellation
     */
    T get();

    /**
     * It ended with a value.
     *
     * @param <T> the value's type
     * @param value the value
     */
    record Succeeded<T extends @Nullable Object>(T value) implements Outcome<T> {
        @Override
        public T get() {
            return value;
        }

        /** For people to read. */
        @Override
        public String toString() {
            return "Succeeded[" + value + "]";
        }
    }

    /**
     * It ended with an exception, or an {@link Error}, that was not its cancellation.
     *
     * @param <T> the type of the value that is missing
     * @param task the task that failed
     * @param exception what left its body
     */
    record Failed<T extends @Nullable Object>(Task<T> task, Throwable exception)
            implements Outcome<T> {
        public Failed {
            Objects.requireNonNull(task, "task");
            Objects.requireNonNull(exception, "exception");
        }

        @Override
        public T get() {
            throw new TaskFailedException(task, List.of(exception));
        }

        /** For people to read. */
        @Override
        public String toString() {
            return "Failed[" + Text.nameOf(task) + ": " + Text.describe(exception) + "]";
        }
    }

    /**
     * It was asked to stop, and did.
     *
     * @param <T> the type of the value that is missing
     * @param task the task that was cancelled; null if it was a scope
     * @param reason why
     * @param exception what left the body, with what its clean-up may have suppressed; null if it
     *     was not kept
     */
    record Cancelled<T extends @Nullable Object>(
            @Nullable Task<T> task, CancelReason reason, @Nullable Throwable exception)
            implements Outcome<T> {
        public Cancelled {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public T get() {
            throw new TaskCancelledException(task, reason, exception);
        }

        /** For people to read. */
        @Override
        public String toString() {
            return "Cancelled[" + (task != null ? Text.nameOf(task) + ": " : "") + reason + "]";
        }
    }
}
