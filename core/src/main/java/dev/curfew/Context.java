package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a group's tasks find in place. Immutable.
 *
 * @param carried the scoped values whose bindings are taken from the forking thread
 * @param bound the scoped values that each task has bound; they win
 * @param carriers what else is carried, in this order
 */
record Context(List<ScopedValue<?>> carried, List<Bound<?>> bound, List<ContextCarrier> carriers) {
    static final Context NONE = new Context(List.of(), List.of(), List.of());

    record Bound<T extends @Nullable Object>(ScopedValue<T> key, T value) {}

    /** Those that serve every group. */
    private static final class ProcessWide {
        static final List<ContextCarrier> CARRIERS = Services.load(ContextCarrier.class);
    }

    <T extends @Nullable Object> Context withBound(ScopedValue<T> key, T value) {
        List<Bound<?>> bindings = new ArrayList<>(bound);
        bindings.removeIf(b -> b.key == key);
        bindings.add(new Bound<>(key, value));
        return new Context(carried, List.copyOf(bindings), carriers);
    }

    Context withCarried(List<ScopedValue<?>> keys) {
        return new Context(union(carried, keys), bound, carriers);
    }

    Context withCarrier(ContextCarrier carrier) {
        return new Context(carried, bound, union(carriers, List.of(carrier)));
    }

    /**
     * What holds for a group with these settings.
     *
     * @param around what holds for the group around it; what its tasks find in place is handed on
     * @return null if there is nothing to carry
     */
    @Nullable Context effective(@Nullable Context around) {
        Context outer = around == null ? NONE : around;
        boolean addsNothing = carried.isEmpty() && bound.isEmpty() && carriers.isEmpty();
        if (addsNothing
                && outer.bound.isEmpty()
                && (around != null || ProcessWide.CARRIERS.isEmpty())) {
            return around; // nearly every block: not to be worked out anew for each
        }
        List<ScopedValue<?>> keys = new ArrayList<>(outer.carried);
        outer.bound.forEach(b -> keys.add(b.key));
        Context all =
                new Context(
                        union(keys, carried),
                        bound,
                        union(union(ProcessWide.CARRIERS, outer.carriers), carriers));
        return all.equals(NONE) ? null : all;
    }

    private static <E> List<E> union(List<? extends E> first, List<? extends E> second) {
        List<E> all = new ArrayList<>(first);
        second.stream().filter(e -> !all.contains(e)).forEach(all::add);
        return List.copyOf(all);
    }

    /** On the forking thread: the body with what it is to find in place. */
    <T extends @Nullable Object> Callable<? extends T> around(Callable<? extends T> body) {
        List<ContextCarrier.Captured> captured = capture();
        ScopedValue.Carrier values = values();
        Callable<? extends T> restored =
                captured.isEmpty() ? body : () -> restoredAround(body, captured);
        return values == null ? restored : () -> values.call(restored::call);
    }

    private List<ContextCarrier.Captured> capture() {
        List<ContextCarrier.Captured> captured = new ArrayList<>(carriers.size());
        for (ContextCarrier carrier : carriers) {
            ContextCarrier.Captured one;
            try {
                one = carrier.capture();
            } catch (RuntimeException e) {
                throw new IllegalStateException(
                        "no task was forked: the context carrier "
                                + carrier.getClass().getName()
                                + " threw when it was to take what belongs to this thread",
                        e);
            }
            if (one != null) {
                captured.add(one);
            }
        }
        return captured;
    }

    private ScopedValue.@Nullable Carrier values() {
        ScopedValue.Carrier values = null;
        for (ScopedValue<?> key : carried) {
            if (key.isBound()) {
                values = withCurrent(values, key);
            }
        }
        for (Bound<?> one : bound) {
            values = with(values, one);
        }
        return values;
    }

    private static <T extends @Nullable Object> ScopedValue.Carrier withCurrent(
            ScopedValue.@Nullable Carrier values, ScopedValue<T> key) {
        return with(values, new Bound<>(key, key.get()));
    }

    private static <T extends @Nullable Object> ScopedValue.Carrier with(
            ScopedValue.@Nullable Carrier values, Bound<T> one) {
        return values == null
                ? ScopedValue.where(one.key, one.value)
                : values.where(one.key, one.value);
    }

    /** On the task's thread. */
    private static <T extends @Nullable Object> T restoredAround(
            Callable<? extends T> body, List<ContextCarrier.Captured> captured) throws Exception {
        ArrayDeque<ContextCarrier.Restored> inPlace = new ArrayDeque<>(captured.size());
        try {
            for (ContextCarrier.Captured one : captured) {
                inPlace.push(one.restore());
            }
            return body.call();
        } finally {
            inPlace.forEach(Context::clear);
        }
    }

    private static void clear(ContextCarrier.Restored restored) {
        try {
            restored.clear();
        } catch (Throwable e) {
            Reports.report(
                    Report.CARRIER_FAILED,
                    "a context carrier threw when it was to clear a task's thread",
                    e);
        }
    }
}
