package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.time.FullHeap;
import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Shape;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.Telling;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task: its body's run, and its end.
 *
 * <pre>
 *   forked -> body runs -> hooks closed, signal settled -> sealed: no request counts any more
 *          -> outcome published -> waiters woken -> a failure cancels the group
 *          -> no member any more -> listeners, failure handler -> counted out of the group
 * </pre>
 *
 * <p>The value of a body without hooks is published first of all: no request changes it, and the
 * compare-and-set of the seal then stands between it and the look at those who wait. A request that
 * counts in between was absorbed, which readers ask of the sealed request. One that has not failed
 * is no member any more before the waiters are woken.
 *
 * <p>The outcome is published before the group is cancelled for it: a body that awaits its failing
 * task gets the failure, not by luck the cancellation. What a body threw is judged after the seal:
 * whoever was told that the request counted is seen by it.
 */
sealed class TaskImpl<T extends @Nullable Object> extends Concluding<T> implements Runnable
        permits ExecutorTask {
    private final @Nullable String givenName;
    private final Strand strand;

    /** A {@code Callable}, or a {@code VoidWork} that is none. */
    private @Nullable Object body;

    /** Its failure fails nobody. Written on its own thread, before the result. */
    private boolean isolated;

    /** The parent is the node of the group that owns it. */
    TaskImpl(Node parent, @Nullable String name, Object body, Role role, Threads threads) {
        this.givenName = name;
        this.body = body;
        this.isolated = role == Role.ISOLATED;
        this.strand = Strand.ofTask(threads.make(this), parent, this, role == Role.BACKGROUND);
    }

    final Strand strand() {
        return strand;
    }

    /** The group that owns it: no field, since its parent is that group's node. */
    final GroupCore owner() {
        return (GroupCore) strand.group();
    }

    // ---- the run ---------------------------------------------------------------------------

    /** On the task's own thread; a thread factory that calls it elsewhere does nothing by that. */
    @Override
    public void run() {
        T value = null;
        Throwable thrown = null;
        try {
            if (!begins()) {
                return;
            }
            // Here, since each frame is one more in the trace of every exception of a body.
            if (body instanceof Callable<?> callable) {
                @SuppressWarnings("unchecked") // it was given as a Callable of a T
                T called = (T) callable.call();
                value = called;
            } else {
                ((VoidWork<?>) Objects.requireNonNull(body)).run();
            }
        } catch (Throwable e) {
            thrown = e;
        }
        bodyEnded(value, thrown);
    }

    /** Two steps, see {@link Apart}. */
    private void bodyEnded(@Nullable T value, @Nullable Throwable thrown) {
        Apart.bodyEnded(this, value, thrown);
    }

    /**
     * Keeps what comes after the body out of {@link #run}. A parked task keeps the frame of that in
     * the heap, so it is to have room for the body alone. HotSpot's optimizing compiler inlines no
     * method of an exception's class into another class's method, but for a call that the compiled
     * method itself makes. Nobody makes or throws one of these.
     */
    private static final class Apart extends Throwable {
        private static final long serialVersionUID = 1L;

        static <T extends @Nullable Object> void bodyEnded(
                TaskImpl<T> task, @Nullable T value, @Nullable Throwable thrown) {
            task.body = null;
            if (thrown == null && task.strand.hooks() == null && task.strand.reached() == null) {
                task.returned(value);
            } else {
                task.end(value, thrown);
            }
        }
    }

    /** False if this is not the task's thread, or the body has been run. */
    private boolean begins() {
        Strand own = strand;
        if (own == null || own.thread() != Thread.currentThread() || body == null) {
            return false;
        }
        if (Listeners.any()) {
            strand.register();
            Listeners.started(this);
            strand.startRegistered();
        } else {
            strand.start();
        }
        return true;
    }

    private void returned(@Nullable T value) {
        concludeSoon(value == null ? NULL : value);
        Throwable problem = null;
        try {
            strand.finish(Shape.NOTHING);
        } catch (Throwable e) {
            strand.seal();
            problem = e;
        }
        try {
            strand.deregister();
            wakeAll();
            published();
            tellIfAsked(null, null);
            if (problem != null) {
                Reports.report(Report.INTERNAL, "the end of " + label() + " threw", problem);
            }
        } finally {
            owner().countDown(isBackground());
        }
    }

    private void end(@Nullable T value, @Nullable Throwable thrown) {
        Object decided = decided(value, thrown);
        afterEnd(decided, absorbed ? Absorbed.request(strand) : null);
    }

    private Object decided(@Nullable T value, @Nullable Throwable thrown) {
        for (; ; ) {
            try {
                boolean signal = strand.finish(Shapes.of(thrown));
                strand.seal();
                return decide(value, thrown, signal);
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            } catch (Throwable e) {
                return failure(e);
            }
        }
    }

    private Object decide(@Nullable T value, @Nullable Throwable thrown, boolean signal) {
        if (thrown == null) {
            absorbed = strand.reached() != null;
            return value == null ? NULL : value;
        }
        Request request = strand.inForce();
        if (request == null) {
            return new Failure(thrown);
        }
        CancelReason reason = Reasons.of(request);
        if (signal || Shapes.isRefusal(thrown)) {
            return new Cancellation(reason, thrown);
        }
        Problems.note(thrown, new CancelledException(reason));
        return new Failure(thrown);
    }

    private void afterEnd(Object decided, @Nullable Request told) {
        Throwable failure = decided instanceof Failure f ? f.exception() : null;
        try {
            conclude(decided);
            if (failure == null) {
                strand.deregister();
                wakeAll();
                published();
            } else {
                wakeAll();
                published();
                owner().taskFailed(this, failure);
                strand.deregister();
            }
            if (decided instanceof Cancellation c && Problems.carriesMore(c.exception())) {
                owner().cleanUpFailed(this, c.exception());
            }
            tellIfAsked(failure, told);
        } finally {
            owner().countDown(isBackground());
        }
    }

    /** Those who asked to be told, and of a body that took no notice of its cancellation. */
    private void tellIfAsked(@Nullable Throwable failure, @Nullable Request told) {
        Listener first = takeListeners();
        if (first != null || failure != null || Listeners.any()) {
            tellAll(first, failure);
        }
        if (told != null) {
            Telling.run(strand, () -> Absorbed.report(label(), told));
        }
    }

    private void tellAll(@Nullable Listener last, @Nullable Throwable failure) {
        boolean told = false;
        while (!told) {
            try {
                Telling.run(strand, () -> tellEnd(last, failure));
                told = true;
            } catch (OutOfMemoryError e) {
                FullHeap.pause(); // it has not begun, see below
            }
        }
    }

    private void tellEnd(@Nullable Listener last, @Nullable Throwable failure) {
        try {
            tellEach(last, failure);
        } catch (Throwable e) {
            Reports.report(Report.INTERNAL, "not all were told of the end of a task", e);
        }
    }

    private void tellEach(@Nullable Listener last, @Nullable Throwable failure) {
        try {
            Listeners.ended(this);
        } finally {
            try {
                if (last != null) {
                    tell(last);
                }
            } finally {
                if (failure != null) {
                    tellHandler(failure);
                }
            }
        }
    }

    /** Its outcome is published, and those who wait for it are woken. Must not block. */
    void published() {}

    /** Tells its failure to whom it may concern. May block. */
    void tellHandler(Throwable failure) {
        owner().tellHandler(this, failure);
    }

    /** The thread could not be started: the task ends without having run. Its forker throws. */
    final void neverStarted(Throwable problem) {
        strand.seal();
        boolean background = isBackground();
        isolated = true;
        markRead();
        conclude(failure(problem));
        wakeAll();
        strand.deregister();
        Listener first = takeListeners();
        if (first != null) {
            Callbacks.execute(() -> tell(first));
        }
        owner().countDown(background);
    }

    // ---- what it is to its group -----------------------------------------------------------

    boolean isBackground() {
        return strand.background();
    }

    /** Whether its failure is the group's. Of a task that has ended, or on its own thread. */
    boolean isIsolated() {
        return isolated;
    }

    /** On its own thread: from now on it is a task like any other. */
    void handedOver() {
        isolated = false;
    }

    // ---- its end ---------------------------------------------------------------------------

    @Override
    boolean wasAsked() {
        return strand.own() != null;
    }

    @Override
    void failureRead(Throwable failure) {
        owner().failureRead(this, failure);
    }

    @Override
    public State state() {
        boolean asked = strand.root().inForce() != null;
        return switch (result()) {
            case null -> asked ? State.CANCELLING : State.RUNNING;
            case Failure f -> State.FAILED;
            case Cancellation c -> State.CANCELLED;
            default -> State.SUCCEEDED;
        };
    }

    // ---- waiting and asking ----------------------------------------------------------------

    @Override
    public Outcome<T> join() throws InterruptedException {
        Managed.await(this, Nanos.NEVER);
        return present();
    }

    @Override
    public Optional<Outcome<T>> joinWithin(Duration limit) throws InterruptedException {
        long deadline = Managed.deadline(limit, "limit");
        return Managed.await(this, deadline) ? Optional.of(present()) : Optional.empty();
    }

    @Override
    public T await() throws InterruptedException {
        Object r = result();
        if (r != null && !(r instanceof Failure) && !(r instanceof Cancellation)) {
            return value(r);
        }
        Outcome<T> outcome = join();
        if (outcome instanceof Outcome.Cancelled<T>) {
            Managed.ownCancellationFirst();
        }
        return outcome.get();
    }

    @Override
    public boolean cancel() {
        return cancel("");
    }

    @Override
    public boolean cancel(String why) {
        Objects.requireNonNull(why, "why");
        return !ended()
                && request(
                        Reasons.requested(CancelReason.Kind.REQUESTED, why),
                        Cancelling.By.DELIVERY);
    }

    boolean request(CancelReason reason) {
        return request(reason, Cancelling.By.DELIVERY);
    }

    private boolean request(CancelReason reason, Cancelling.By by) {
        Request r = Cancelling.cancel(strand.root(), reason, true, true, by);
        if (r != null && r.reason() == reason) {
            owner().asked(r);
        }
        return r != null;
    }

    @Override
    public Outcome<T> cancelAndJoin() throws InterruptedException {
        cancelAndAwait(Nanos.NEVER);
        return present();
    }

    @Override
    public Outcome<T> cancelAndJoinWithin(Duration patience) throws InterruptedException {
        long deadline = Managed.deadline(patience, "patience");
        if (!cancelAndAwait(deadline)) {
            throw Patience.unresponsive(this);
        }
        return present();
    }

    private boolean cancelAndAwait(long deadline) throws InterruptedException {
        if (ended()) {
            return true;
        }
        CancelReason reason = Reasons.requested(CancelReason.Kind.REQUESTED, "");
        Cancelling.By by = deadline == Nanos.NEVER ? Cancelling.By.CALLER : Cancelling.By.DELIVERY;
        return Managed.awaitHeld(List.of(this), deadline, () -> request(reason, by));
    }

    @Override
    public int cancelling() {
        Request r = strand.root().own();
        return r == null ? 0 : r.asks();
    }

    @Override
    public int uncancel() {
        if (Strand.current() != strand) {
            throw new IllegalStateException(
                    "only " + label() + " itself can withdraw a request to stop it");
        }
        return Cancelling.withdraw(strand);
    }

    // ---- telling ---------------------------------------------------------------------------

    @Override
    public void onEnd(Consumer<? super Outcome<T>> listener) {
        Objects.requireNonNull(listener, "listener");
        Runnable action = () -> listener.accept(present());
        if (!addListener(action)) {
            Callbacks.execute(() -> tellOne(action));
        }
    }

    /**
     * Has an action of the library's own run at the end; here and now if that has come. It must not
     * block, and does not count as having read the outcome.
     */
    void whenEnded(Runnable action) {
        if (!addListener(action)) {
            action.run();
        }
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        TaskFuture<T> future = new TaskFuture<>(this);
        onEnd(future::complete);
        return future;
    }

    // ---- who it is -------------------------------------------------------------------------

    @Override
    public String name() {
        return Paths.of(strand.root());
    }

    @Override
    public String ownName() {
        return givenName != null ? givenName : "#" + id();
    }

    @Override
    public long id() {
        return strand.thread().threadId();
    }

    @Override
    public TaskGroup group() {
        return owner().facade();
    }

    @Override
    public String label() {
        return Text.nameOf(this);
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "Task[" + Text.harmless(name()) + ", " + state() + "]";
    }
}
