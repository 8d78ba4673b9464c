package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.Wake;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of {@link TaskGroup#start}: its caller waits until the task is ready or its body
 * has ended.
 *
 * <pre>
 *               ready
 *   PENDING ---------------------------> READY        handed over: a task like any other
 *      |
 *      | the caller's wait is cut short
 *      v
 *   ABANDONED                                         cancelled and waited for
 * </pre>
 *
 * <p>Whoever leaves PENDING decides, even if the body has ended by then. Until it is handed over
 * the task's failure is not its group's but leaves {@code start}.
 */
final class Starting<V extends @Nullable Object> implements Callable<@Nullable Void>, Ready<V> {
    private enum Phase {
        PENDING,
        READY,
        ABANDONED
    }

    private record State<V extends @Nullable Object>(
            Phase phase, boolean ended, boolean said, @Nullable V value) {
        State<V> afterEnd() {
            return new State<>(phase, true, said, value);
        }

        State<V> abandoned() {
            return phase == Phase.PENDING ? new State<>(Phase.ABANDONED, ended, said, value) : this;
        }

        State<V> saying(V what) {
            return new State<>(phase == Phase.PENDING ? Phase.READY : phase, ended, true, what);
        }
    }

    private final ServiceBody<V> body;
    private final AtomicReference<State<V>> state =
            new AtomicReference<>(new State<>(Phase.PENDING, false, false, null));

    /** Written before its thread starts. */
    private @Nullable TaskImpl<@Nullable Void> task;

    private Starting(ServiceBody<V> body) {
        this.body = body;
    }

    static <V extends @Nullable Object> Started<V> start(
            GroupCore group, String name, ServiceBody<V> body) throws InterruptedException {
        Starting<V> starting = new Starting<>(body);
        TaskImpl<@Nullable Void> task =
                group.fork(name, starting, Role.ISOLATED, t -> starting.task = t);
        return starting.await(task);
    }

    // ---- the task's side -------------------------------------------------------------------

    @Override
    public @Nullable Void call() throws Exception {
        try {
            body.run(this);
            return null;
        } finally {
            if (state.updateAndGet(State::afterEnd).phase == Phase.READY) {
                task().handedOver();
            }
            task().nudge();
        }
    }

    @Override
    public void with(V value) {
        State<V> s;
        do {
            s = state.get();
            if (s.said || s.ended) {
                throw new IllegalStateException(
                        task().label()
                                + (s.said
                                        ? " has said already that it is ready"
                                        : " has ended, and can't be ready any more"));
            }
        } while (!state.compareAndSet(s, s.saying(value)));
        task().nudge();
    }

    private TaskImpl<@Nullable Void> task() {
        return Objects.requireNonNull(task);
    }

    // ---- the caller's side -----------------------------------------------------------------

    private boolean decided() {
        State<V> s = state.get();
        return s.ended || s.phase == Phase.READY;
    }

    private Started<V> await(TaskImpl<@Nullable Void> task) throws InterruptedException {
        Strand strand = Strand.currentOrUnlisted();
        Wake wake = strand.await(task, this::decided, Nanos.NEVER);
        if (wake != Wake.DONE) {
            state.updateAndGet(State::abandoned);
        }
        State<V> s = state.get();
        if (s.phase == Phase.READY) {
            return started(task, s, strand, wake);
        }
        CancelReason reason =
                Reasons.requested(
                        CancelReason.Kind.REQUESTED, "whoever started it was cancelled meanwhile");
        Runnable cancel = () -> Cancelling.cancel(task.strand().root(), reason, false, false);
        if (wake == Wake.CYCLE) {
            cancel.run();
            throw new WaitCycleException(strand.cycle());
        }
        Managed.awaitQuietly(List.of(task), Nanos.NEVER, wake == Wake.DONE ? () -> {} : cancel);
        return ended(task, state.get(), strand, wake);
    }

    private Started<V> ended(
            TaskImpl<@Nullable Void> task, State<V> state, Strand strand, Wake wake)
            throws InterruptedException {
        Outcome<@Nullable Void> outcome = task.outcome().orElseThrow();
        if (outcome instanceof Outcome.Failed<?> f) {
            Managed.keepPending(strand, wake);
            throw new TaskFailedException(task, List.of(f.exception()));
        }
        if (outcome instanceof Outcome.Succeeded && state.said) {
            return started(task, state, strand, wake);
        }
        Managed.rethrow(strand, wake);
        if (outcome instanceof Outcome.Cancelled<?> c) {
            Managed.ownCancellationFirst();
            throw new TaskCancelledException(task, c.reason(), c.exception());
        }
        throw new IllegalStateException(
                task.label() + " has ended without having said that it is ready");
    }

    private static <V extends @Nullable Object> Started<V> started(
            TaskImpl<@Nullable Void> task, State<V> state, Strand strand, Wake wake) {
        Managed.keepPending(strand, wake);
        return new Started<>(task, state.value);
    }
}
