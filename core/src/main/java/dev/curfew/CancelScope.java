package dev.curfew;

import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.ScopeHook;
import dev.curfew.internal.tree.ScopeNode;
import dev.curfew.internal.tree.Strand;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of code that can be cancelled as one: by hand, by a deadline, or with what is around
 * it.
 *
 * <p>The work runs on the caller's own thread, which may be any thread. Scopes nest. When several
 * are cancelled the outermost owns the cancellation, not counting those whose cancellation had been
 * delivered before the inner scope was entered; so a timeout works in the clean-up of a cancelled
 * task. Once a scope has been left no interrupt sent on its account is pending or will arrive.
 *
 * <p>Work that ends with a value although it was cancelled has that value returned. Work without a
 * value has overloads everywhere.
 *
 * <p>Entering and leaving a scope costs some 0.2 µs. An instance may be used by any thread.
 */
public final class CancelScope {
    private final Node node;

    CancelScope(Node node) {
        this.node = node;
    }

    // ---- deadlines -------------------------------------------------------------------------

    /**
     * Does work that has to end within a time. When the time is up the work is cancelled, and has
     * ended when this throws.
     *
     * @param <T> the value's type
     * @param <X> the work's own checked exception
     * @param limit the time, zero or more; with zero the first blocking call throws
     * @param work runs on this thread
     * @return the work's value
     * @throws X what the work threw
     * @throws DeadlineExceededException if the work was cut short by the deadline
     * @throws TaskCancelledException if the scope was cancelled by hand and there is no value
     * @throws InterruptedException if the code around is cancelled; that wins over the deadline
     * @throws IllegalArgumentException if the limit is negative
     */
    public static <T extends @Nullable Object, X extends Exception> T withTimeout(
            Duration limit, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        return Deadlines.call(Deadline.after(limit), limit, work);
    }

    /** Like {@link #withTimeout(Duration, Work)}; cancelled by hand, it returns normally. */
    public static <X extends Exception> void withTimeout(Duration limit, VoidWork<? extends X> work)
            throws X, InterruptedException {
        Deadlines.run(Deadline.after(limit), limit, work);
    }

    /**
     * Like {@link #withTimeout(Duration, Work)}, with a point in time, which may have passed.
     *
     * @param deadline when the time is up
     */
    public static <T extends @Nullable Object, X extends Exception> T withDeadline(
            Deadline deadline, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        return Deadlines.call(Objects.requireNonNull(deadline, "deadline"), null, work);
    }

    /** Like {@link #withDeadline(Deadline, Work)}; cancelled by hand, it returns normally. */
    public static <X extends Exception> void withDeadline(
            Deadline deadline, VoidWork<? extends X> work) throws X, InterruptedException {
        Deadlines.run(Objects.requireNonNull(deadline, "deadline"), null, work);
    }

    /**
     * Does work that may be given up: like {@link #withTimeout(Duration, Work)}, but moves on
     * instead of failing.
     *
     * @return the value; empty if the work was cut short, by the deadline or by hand
     * @throws NullPointerException if the value is null
     */
    @CheckReturnValue
    public static <T, X extends Exception> Optional<T> withTimeoutOrEmpty(
            Duration limit, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        return Deadlines.callOrEmpty(Deadline.after(limit), limit, work);
    }

    /**
     * The time left: the least over all scopes around, those around the tasks and blocks included,
     * up to the nearest shield.
     *
     * @return the time, zero if it is up or the code is cancelled; empty if there is no limit
     */
    public static Optional<Duration> remaining() {
        return Deadlines.remaining();
    }

    // ---- protecting ------------------------------------------------------------------------

    /**
     * Does work that cancellation from outside does not cut short: clean-up, mostly. It shows when
     * the shield has been left, at the next blocking call. What is inside can be cancelled as
     * usual.
     *
     * @param <T> the value's type
     * @param <X> the work's own checked exception
     * @param work runs on this thread
     * @return the work's value
     * @throws X what the work threw
     */
    public static <T extends @Nullable Object, X extends Exception> T shield(
            Work<? extends T, ? extends X> work) throws X, InterruptedException {
        return Protected.call(Node.SHIELD, work);
    }

    /** Like {@link #shield(Work)}. */
    public static <X extends Exception> void shield(VoidWork<? extends X> work)
            throws X, InterruptedException {
        Protected.call(Node.SHIELD, work(work));
    }

    /**
     * Like {@link #shield(Work)}, for a limited time.
     *
     * @param limit the time, zero or more
     * @throws DeadlineExceededException if the work was cut short by the limit
     * @throws InterruptedException if it was, and the code around is cancelled; the {@link
     *     DeadlineExceededException} is suppressed in it
     * @throws IllegalArgumentException if the limit is negative
     */
    public static <T extends @Nullable Object, X extends Exception> T shield(
            Duration limit, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        return Deadlines.shielded(limit, work);
    }

    /** Like {@link #shield(Duration, Work)}. */
    public static <X extends Exception> void shield(Duration limit, VoidWork<? extends X> work)
            throws X, InterruptedException {
        Deadlines.shielded(limit, work(work));
    }

    /**
     * Does work that gets no interrupts on account of cancellation: it shows at checkpoints,
     * managed waits and hooks only. For code that an interrupt damages.
     *
     * @param <T> the value's type
     * @param <X> the work's own checked exception
     * @param work runs on this thread
     * @return the work's value
     * @throws X what the work threw
     */
    public static <T extends @Nullable Object, X extends Exception> T withoutInterrupts(
            Work<? extends T, ? extends X> work) throws X, InterruptedException {
        return Protected.call(Node.NO_INTERRUPTS, work);
    }

    /** Like {@link #withoutInterrupts(Work)}. */
    public static <X extends Exception> void withoutInterrupts(VoidWork<? extends X> work)
            throws X, InterruptedException {
        Protected.call(Node.NO_INTERRUPTS, work(work));
    }

    // ---- hooks -----------------------------------------------------------------------------

    /**
     * Does work that a hook ends better than an interrupt: {@code onCancel(statement::cancel, () ->
     * statement.executeQuery())}. While the work runs the hook takes the interrupt's place. If the
     * hook has run and the work throws an {@link Exception}, that is how the cancellation showed;
     * an {@link Error} stays what it is; a value is returned, and the next checkpoint throws.
     *
     * <p>The hook may run before the work's blocking call has begun, so it should be one that
     * sticks: a closed socket does, and so does a destroyed process; a {@code Statement.cancel}
     * before the query has started does nothing in most drivers. A cancellation that is in force
     * already when this is called is best met by a {@link #checkpoint()} before it.
     *
     * <p>Leaving waits for a hook that is running. The hook runs at most once, also if the code is
     * cancelled already when this is called, unless it was told of that before.
     *
     * @param <T> the value's type
     * @param <X> the work's own checked exception
     * @param hook ends the work; runs on a thread of the library's
     * @param work runs on this thread
     * @return the work's value
     * @throws X what the work threw, if the hook has not run
     * @throws InterruptedException if the hook has run ({@link CancelledException}, with what the
     *     work threw as cause)
     */
    public static <T extends @Nullable Object, X extends Exception> T onCancel(
            CancelHook hook, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        return Protected.hooked(Objects.requireNonNull(hook, "hook"), work);
    }

    /** Like {@link #onCancel(CancelHook, Work)}. */
    public static <X extends Exception> void onCancel(CancelHook hook, VoidWork<? extends X> work)
            throws X, InterruptedException {
        Protected.hooked(Objects.requireNonNull(hook, "hook"), work(work));
    }

    /**
     * Adds a hook to the innermost scope, task or block that the calling thread is in. It runs
     * beside the interrupt, at most once, when a cancellation arrives that the code has not been
     * told of yet; at once if one is in force already. What is thrown after it has run counts as
     * the cancellation's doing, an {@link Error} excepted.
     *
     * @param hook runs on a thread of the library's
     * @return has to be closed
     * @throws IllegalStateException outside any scope
     */
    public static Registration addHook(CancelHook hook) {
        Objects.requireNonNull(hook, "hook");
        Strand strand = Strand.current();
        if (strand == null) {
            throw outside("addHook");
        }
        return new HookRegistration(strand.addHook(strand.top(), false, hook::cancel));
    }

    record HookRegistration(ScopeHook hook) implements Registration {
        @Override
        public void close() {
            hook.remove();
        }
    }

    // ---- scopes by hand --------------------------------------------------------------------

    /**
     * Does work in a scope that it is handed, which any thread may cancel.
     *
     * @param <T> the value's type
     * @param <X> the work's own checked exception
     * @param work runs on this thread
     * @return {@link Outcome.Succeeded} with the value, or {@link Outcome.Cancelled} if the work
     *     was left because this scope was cancelled
     * @throws X what the work threw
     * @throws InterruptedException if the code around is cancelled
     */
    @CheckReturnValue
    public static <T extends @Nullable Object, X extends Exception> Outcome<T> call(
            ScopeWork<? extends T, ? extends X> work) throws X, InterruptedException {
        return Protected.scoped(work);
    }

    /** Like {@link #call(ScopeWork)}. */
    public static <X extends Exception> Outcome<@Nullable Void> run(VoidScopeWork<? extends X> work)
            throws X, InterruptedException {
        Objects.requireNonNull(work, "work");
        ScopeWork<@Nullable Void, X> valued =
                scope -> {
                    work.run(scope);
                    return null;
                };
        return Protected.scoped(valued);
    }

    /**
     * The innermost scope that the calling thread is in: one of this class, a block of a group or a
     * task. Shields and their kin are not cancelled on their own and are skipped.
     *
     * @return the scope
     * @throws IllegalStateException outside any scope
     */
    public static CancelScope current() {
        Strand strand = Strand.current();
        Node n = strand == null ? null : strand.top();
        for (; n != null && n.strand() == strand; n = n.parent()) {
            if (n.attachment() instanceof CancelScope scope) {
                return scope;
            }
            if (n.members() != null || (n == n.strand().root() && n.strand().task() != null)) {
                return new CancelScope(n);
            }
        }
        throw outside("current");
    }

    private static IllegalStateException outside(String what) {
        return new IllegalStateException(
                what
                        + " needs a scope, and this thread is in none: call it in a task, in a"
                        + " block of a TaskGroup or in one of CancelScope's own");
    }

    // ---- checkpoints -----------------------------------------------------------------------

    /**
     * Throws if this code is cancelled, or its time is up; again at each call until the cancelled
     * scope is left or a shield is entered. For loops that compute. Costs a few nanoseconds, some
     * 25 more where there is a deadline. Outside any scope it looks at the thread's interrupt
     * status alone.
     *
     * @throws InterruptedException if the code is cancelled ({@link CancelledException}) or the
     *     thread was interrupted
     */
    public static void checkpoint() throws InterruptedException {
        Managed.checkpoint();
    }

    /**
     * Sleeps. A managed wait: it ends, without an interrupt, when the code is cancelled.
     *
     * @param time how long, zero or more
     * @throws InterruptedException like {@link #checkpoint()}
     * @throws IllegalArgumentException if the time is negative
     */
    public static void sleep(Duration time) throws InterruptedException {
        Managed.await(null, Managed.deadline(time, "time"));
    }

    // ---- an instance -----------------------------------------------------------------------

    /** Like {@link #cancel(String)}, without a text. */
    public boolean cancel() {
        return cancel("");
    }

    /**
     * Asks this scope's code to stop, and does not wait. Never blocks and never throws. The first
     * request's reason stays.
     *
     * @param why for people to read
     * @return false if the scope has ended
     */
    public boolean cancel(String why) {
        Objects.requireNonNull(why, "why");
        if (node.members() instanceof BlockGroup group) {
            return group.cancel(why);
        }
        Strand strand = node.strand();
        if (strand != null && strand.root() == node && strand.task() instanceof TaskImpl<?> task) {
            return task.cancel(why);
        }
        return ScopeRun.request(node, Reasons.requested(CancelReason.Kind.REQUESTED, why));
    }

    /**
     * Whether this scope's code is cancelled: by this scope or one around it, up to the nearest
     * shield. Looks at the clock where there is a deadline.
     *
     * @return true if so
     */
    public boolean isCancelled() {
        node.expireAllDue();
        return node.inForce() != null;
    }

    /**
     * Whether this very scope was cancelled by its deadline. The first cause stays: a scope that
     * was cancelled by hand never expires, and an expired one stays expired.
     *
     * @return true if so, also after the scope has ended
     */
    public boolean expired() {
        node.expireIfDue();
        Request own = node.own();
        return own != null && Reasons.of(own).kind() == CancelReason.Kind.TIMED_OUT;
    }

    /**
     * Why this scope's code is cancelled; where several scopes are, the outermost one's reason.
     *
     * @return the reason; empty if it is not cancelled
     */
    public Optional<CancelReason> reason() {
        return Optional.ofNullable(node.inForce()).map(Reasons::of);
    }

    /**
     * Moves the deadline, earlier, later or away. A scope that had none gets one.
     *
     * @param deadline the new one; {@link Deadline#never()} for none
     * @throws IllegalStateException if the scope has expired or ended, or is a task or a block
     */
    public void reschedule(Deadline deadline) {
        Objects.requireNonNull(deadline, "deadline");
        if (!(node instanceof ScopeNode scope) || scope.attachment() != this) {
            throw new IllegalStateException(
                    "a task or block has no deadline of its own; put the code into"
                            + " CancelScope.withTimeout");
        }
        Deadlines.move(scope, deadline);
    }

    /** For people to read: how far it has come, and the time left. */
    @Override
    public String toString() {
        return "CancelScope[" + Deadlines.state(node) + "]";
    }

    /** Work without a value as work with one. */
    static <X extends Exception> Work<@Nullable Void, X> work(VoidWork<? extends X> work) {
        Objects.requireNonNull(work, "work");
        return () -> {
            work.run();
            return null;
        };
    }
}
