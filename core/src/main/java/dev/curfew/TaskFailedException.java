package dev.curfew;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What you waited for failed: a task, or a group of which at least one task did. The cause is the
 * first failure, an {@link Error} included; one failure has the same shape as many.
 *
 * <p>The other failures are suppressed exceptions, the first {@value #SUPPRESSED} of them so that a
 * printed trace stays readable; {@link #failures()} has all.
 *
 * <p>A serialized copy has no {@link #task()}; its message still names it.
 */
public final class TaskFailedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private static final int SUPPRESSED = 32;

    private final transient @Nullable Task<?> task;
    private final Throwable[] failures;
    private @Nullable String writtenMessage;

    /**
     * @param task the task of the first failure, if it is known
     * @param failures at least one; the first is the cause
     */
    TaskFailedException(@Nullable Task<?> task, List<? extends Throwable> failures) {
        super(null, failures.getFirst());
        this.task = task;
        this.failures = failures.toArray(Throwable[]::new);
        for (int i = 1; i < this.failures.length && i <= SUPPRESSED; i++) {
            addSuppressed(this.failures[i]);
        }
    }

    /**
     * The task that failed first.
     *
     * @return the task, if it is known
     */
    public Optional<Task<?>> task() {
        return Optional.ofNullable(task);
    }

    /**
     * Every failure, the cause first, then in the order in which they happened.
     *
     * @return an immutable list, never empty
     */
    public List<Throwable> failures() {
        return List.of(failures);
    }

    /**
     * Throws the cause if it is of the given type, and returns otherwise. For callers that handle a
     * task's checked exception where they wait:
     *
     * {@snippet file="dev/curfew/samples/ApiSamples.java" region="rethrow"}
     *
     * }
     *
     * <p>The cause is thrown as it is, with the stack trace of the task's thread.
     *
     * @param <X> the type
     * @param type the type's class
     * @throws X the cause
     */
    public <X extends Throwable> void rethrow(Class<X> type) throws X {
        Objects.requireNonNull(type, "type");
        Throwable first = failures[0];
        if (type.isInstance(first)) {
            throw type.cast(first);
        }
    }

    /** Says what failed and with what, in one line. */
    @Override
    public String getMessage() {
        if (writtenMessage != null) {
            return writtenMessage;
        }
        String what =
                (task != null ? Text.nameOf(task) : "a task")
                        + " failed: "
                        + Text.describe(failures[0]);
        return switch (failures.length) {
            case 1 -> what;
            case 2 -> what + " (and one more failure: see failures())";
            default -> what + " (and " + (failures.length - 1) + " more failures: see failures())";
        };
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        writtenMessage = getMessage();
        out.defaultWriteObject();
    }
}
