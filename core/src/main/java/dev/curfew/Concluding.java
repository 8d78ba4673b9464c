package dev.curfew;

import dev.curfew.internal.time.FullHeap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outcome of a task: how it is kept from the task's end on, and that somebody has read it. */
abstract sealed class Concluding<T extends @Nullable Object> extends Announcing implements Task<T>
        permits TaskImpl {
    /** In place of a null value. */
    static final Object NULL = new Object();

    record Failure(Throwable exception) {}

    record Cancellation(CancelReason reason, Throwable exception) {}

    private static final VarHandle RESULT;

    static {
        try {
            RESULT = MethodHandles.lookup().findVarHandle(Concluding.class, "result", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null until the end, then the value, {@link #NULL}, a Failure or a Cancellation. */
    private volatile @Nullable Object result;

    /** A cancellation had reached it when it ended with a value. Written before the result. */
    boolean absorbed;

    private volatile boolean read;

    /** Whether it was asked to stop, itself, before it had ended. */
    abstract boolean wasAsked();

    /** Somebody is about to be handed what it failed with. */
    abstract void failureRead(Throwable failure);

    /** Waits for memory: an end without an outcome would be waited for for ever. */
    static Failure failure(Throwable exception) {
        for (; ; ) {
            try {
                return new Failure(exception);
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            }
        }
    }

    final void conclude(Object decided) {
        result = decided;
    }

    /** For a compare-and-set that comes before the look for those who wait. */
    final void concludeSoon(Object decided) {
        RESULT.setRelease(this, decided);
    }

    /** The outcome, in the form in which it is kept; null until the end. */
    final @Nullable Object result() {
        return result;
    }

    /** Its outcome is to be reported to nobody. */
    final void markRead() {
        read = true;
    }

    @Override
    public boolean ended() {
        return result != null;
    }

    @Override
    public Optional<Outcome<T>> outcome() {
        return result == null ? Optional.empty() : Optional.of(present());
    }

    /** The outcome of a task that has ended; it counts as read. */
    final Outcome<T> present() {
        return switch (Objects.requireNonNull(result)) {
            case Failure f -> {
                read = true;
                failureRead(f.exception);
                yield new Outcome.Failed<>(this, f.exception);
            }
            case Cancellation c -> {
                read = true;
                yield new Outcome.Cancelled<>(this, c.reason, c.exception);
            }
            case Object value -> new Outcome.Succeeded<>(value(value));
        };
    }

    @SuppressWarnings("unchecked")
    final T value(Object of) {
        return of == NULL ? null : (T) of;
    }

    /** What it failed with; null if it has not ended, or not so. It does not count as read. */
    @Nullable Throwable failureOrNull() {
        return result instanceof Failure f ? f.exception : null;
    }

    /** Whether somebody was handed the outcome. */
    boolean wasRead() {
        return read;
    }

    @Override
    public boolean absorbed() {
        Object r = result;
        return r != null
                && !(r instanceof Failure || r instanceof Cancellation)
                && (absorbed || wasAsked());
    }
}
