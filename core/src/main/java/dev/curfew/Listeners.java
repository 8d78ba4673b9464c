package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The process-wide listeners to tasks. */
final class Listeners {
    /** Null while there are none, which every task looks for at its beginning and its end. */
    private static final AtomicReference<@Nullable List<TaskListener>> ALL =
            new AtomicReference<>();

    static {
        Services.load(TaskListener.class).forEach(Listeners::add);
    }

    private Listeners() {}

    /** Called where the library is first used; the first call has them loaded. */
    static void load() {}

    /** Whether there are any. Costs a read. */
    static boolean any() {
        return ALL.get() != null;
    }

    static void add(TaskListener listener) {
        ALL.updateAndGet(all -> Stream.concat(present(all).stream(), Stream.of(listener)).toList());
        Cancelling.tell(Listeners::cancelRequested);
        Reports.tell((id, message, e) -> tell(one -> one.reported(id.key(), message, e)));
    }

    /** False if it was not there. */
    static boolean remove(TaskListener listener) {
        return present(ALL.getAndUpdate(all -> without(all, listener))).contains(listener);
    }

    private static List<TaskListener> present(@Nullable List<TaskListener> all) {
        return all == null ? List.of() : all;
    }

    private static @Nullable List<TaskListener> without(
            @Nullable List<TaskListener> all, TaskListener listener) {
        List<TaskListener> rest = present(all).stream().filter(one -> one != listener).toList();
        return rest.isEmpty() ? null : rest;
    }

    static void started(Task<?> task) {
        tell(one -> one.started(task));
    }

    static void ended(Task<?> task) {
        tell(one -> one.ended(task));
    }

    /** On the canceller's thread, or the timer's. */
    private static void cancelRequested(Strand strand, Request request) {
        if (any() && strand.task() instanceof TaskImpl<?> task) {
            CancelReason reason = Reasons.of(request);
            Callbacks.execute(() -> tell(one -> one.cancelRequested(task, reason)));
        }
    }

    private static void tell(Consumer<TaskListener> event) {
        for (TaskListener listener : present(ALL.get())) {
            try {
                event.accept(listener);
            } catch (Throwable e) {
                if (remove(listener)) {
                    Reports.report(
                            Report.LISTENER_FAILED,
                            "the listener "
                                    + listener.getClass().getName()
                                    + " threw, and is told nothing any more",
                            e);
                }
            }
        }
    }
}
