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

/** The process-wide listeners to tasks. */
final class Listeners {
    private static final AtomicReference<List<TaskListener>> ALL = new AtomicReference<>(List.of());

    static {
        Services.load(TaskListener.class).forEach(Listeners::add);
    }

    private Listeners() {}

    /** Called where the library is first used; the first call has them loaded. */
    static void load() {}

    /** Whether there are any. Costs a read. */
    static boolean any() {
        return !ALL.get().isEmpty();
    }

    static void add(TaskListener listener) {
        ALL.updateAndGet(all -> Stream.concat(all.stream(), Stream.of(listener)).toList());
        Cancelling.tell(Listeners::cancelRequested);
        Reports.tell((id, message, e) -> tell(one -> one.reported(id.key(), message, e)));
    }

    /** False if it was not there. */
    static boolean remove(TaskListener listener) {
        return ALL.getAndUpdate(all -> all.stream().filter(one -> one != listener).toList())
                .contains(listener);
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
        for (TaskListener listener : ALL.get()) {
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
