package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Strand;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Waits for what the JDK's futures and stages come to. */
final class Futures {
    private Futures() {}

    /** What a stage has come to. Written before it rings. */
    private static final class Arrival<T extends @Nullable Object> extends Bell {
        private @Nullable T value;
        private @Nullable Throwable problem;

        Arrival() {
            super("a future");
        }

        void arrived(@Nullable T value, @Nullable Throwable problem) {
            this.value = value;
            this.problem = problem;
            ring();
        }
    }

    static <T extends @Nullable Object> T await(CompletionStage<? extends T> stage)
            throws InterruptedException {
        Objects.requireNonNull(stage, "stage");
        Arrival<T> arrival = new Arrival<>();
        stage.whenComplete(arrival::arrived);
        try {
            Managed.await(arrival, Nanos.NEVER);
        } catch (InterruptedException e) {
            cancelStage(stage, e);
            throw e;
        }
        Throwable problem = arrival.problem;
        if (problem != null) {
            throw problem(problem);
        }
        return arrival.value;
    }

    /** What waits for the stage is over already. */
    private static void cancelStage(CompletionStage<?> stage, Throwable leaving) {
        CompletableFuture<?> future;
        try {
            future = stage.toCompletableFuture();
        } catch (UnsupportedOperationException e) {
            return; // such stages exist, and nothing else cancels them
        }
        cancel(future, leaving);
    }

    static <T extends @Nullable Object> T await(Future<? extends T> future)
            throws InterruptedException {
        Objects.requireNonNull(future, "future");
        if (future instanceof CompletableFuture<? extends T> stage) {
            return await((CompletionStage<? extends T>) stage);
        }
        if (future.isDone()) {
            return done(future);
        }
        try {
            Managed.checkpoint();
        } catch (InterruptedException e) {
            cancel(future, e);
            throw e;
        }
        return blocking(future);
    }

    private static <T extends @Nullable Object> T done(Future<? extends T> future)
            throws InterruptedException {
        return switch (future.state()) {
            case SUCCESS -> future.resultNow();
            case FAILED -> throw problem(future.exceptionNow());
            case CANCELLED -> throw problem(new CancellationException());
            case RUNNING -> blocking(future);
        };
    }

    /**
     * There is no telling when such a future is done but by {@code get}, which an interrupt ends,
     * or, where no interrupts belong, the cancellation of the future by a hook.
     */
    private static <T extends @Nullable Object> T blocking(Future<? extends T> future)
            throws InterruptedException {
        AtomicBoolean hooked = new AtomicBoolean();
        @Nullable Registration hook =
                Strand.current() == null
                        ? null
                        : CancelScope.addHook(() -> {
                            hooked.set(true);
                            future.cancel(true);
                        });
        try (hook) {
            return future.get();
        } catch (InterruptedException e) {
            cancel(future, e);
            Managed.checkpoint();
            throw e;
        } catch (ExecutionException e) {
            if (hooked.get()) {
                ownCancellationFirst(e);
            }
            throw problem(e);
        } catch (CancellationException e) {
            throw problem(e);
        }
    }

    private static void ownCancellationFirst(ExecutionException instead) throws CancelledException {
        try {
            Managed.ownCancellationFirst();
        } catch (CancelledException e) {
            Problems.keep(e, instead);
            throw e;
        }
    }

    /** Foreign code: what it throws does not replace what leaves. */
    private static void cancel(Future<?> future, Throwable leaving) {
        try {
            future.cancel(true);
        } catch (RuntimeException e) {
            Problems.keep(leaving, e);
        }
    }

    private static RuntimeException problem(Throwable thrown) throws InterruptedException {
        Throwable problem = thrown;
        while ((problem instanceof CompletionException || problem instanceof ExecutionException)
                && problem.getCause() != null) {
            problem = problem.getCause();
        }
        if (problem instanceof TaskCancelledException e) {
            Managed.ownCancellationFirst();
            return new TaskCancelledException(e.task().orElse(null), e.reason(), e);
        }
        if (problem instanceof CancellationException e) {
            Managed.ownCancellationFirst();
            CancelReason reason =
                    CancelReason.of(
                            CancelReason.Kind.REQUESTED,
                            "the future was cancelled",
                            null,
                            "",
                            null,
                            null);
            return new TaskCancelledException(null, reason, e);
        }
        return new TaskFailedException(null, List.of(problem));
    }
}
