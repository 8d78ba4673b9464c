package dev.curfew;

import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the reasons of cancellations, and finds them again in the tree's requests. */
final class Reasons {
    private Reasons() {}

    /** Asked for by the calling thread, in so many words. */
    static CancelReason requested(CancelReason.Kind kind, String message) {
        TaskImpl<?> requester = currentTask();
        return CancelReason.of(
                kind,
                message,
                requester,
                requester != null
                        ? "task " + requester.name()
                        : "thread " + Text.nameOf(Thread.currentThread()),
                null,
                Site.sampled());
    }

    /** A deadline that has passed. */
    static CancelReason timedOut(String message) {
        return CancelReason.of(CancelReason.Kind.TIMED_OUT, message, null, "", null, null);
    }

    static CancelReason siblingFailed(TaskImpl<?> task, Throwable failure) {
        return CancelReason.of(
                CancelReason.Kind.SIBLING_FAILED, "", task, "task " + task.name(), failure, null);
    }

    /** What a group that was cancelled for a failure ends with, as far as the reason knows. */
    static TaskFailedException failure(CancelReason siblingFailed) {
        return new TaskFailedException(
                siblingFailed.requester().orElse(null),
                List.of(siblingFailed.cause().orElseThrow()));
    }

    /** The body of a block has thrown, or its thread was interrupted. */
    static CancelReason ofBody(CancelReason.Kind kind, String by, @Nullable Throwable failure) {
        return CancelReason.of(kind, "", currentTask(), by, failure, null);
    }

    static CancelReason of(Request request) {
        return (CancelReason) request.reason();
    }

    /** The exception that tells the code of {@code request}. */
    static CancelledException signal(Request request) {
        return new CancelledException(of(request));
    }

    private static @Nullable TaskImpl<?> currentTask() {
        Strand strand = Strand.current();
        return strand == null ? null : (TaskImpl<?>) strand.task();
    }
}
