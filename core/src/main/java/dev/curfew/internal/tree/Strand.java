package dev.curfew.internal.tree;

import dev.curfew.internal.delivery.Batch;
import dev.curfew.internal.time.FullHeap;
import dev.curfew.internal.time.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread's run through nested scopes: a task's, or a stretch of a thread that the library did
 * not start. From the outside in: what it is told ({@link Hearing}), how it waits ({@link
 * Waiting}), how it enters and leaves scopes ({@link Nesting}), and here its beginning and end.
 */
public final class Strand extends Nesting {
    /** Owner only: see {@link #aside}. */
    private boolean aside;

    /** Whether a task has entered itself in the table. */
    private boolean begun;

    /** For reports. */
    boolean begun() {
        return (boolean) BEGUN.getAcquire(this);
    }

    private static final VarHandle BEGUN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BEGUN = lookup.findVarHandle(Strand.class, "begun", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Strand(Thread thread, @Nullable Node parent, @Nullable Ending task, boolean shield) {
        super(thread, parent, task, shield);
    }

    @Override
    public Strand strand() {
        return this;
    }

    private static Strand ofCaller() {
        return new Strand(Thread.currentThread(), null, null, false);
    }

    /**
     * For a task whose thread has not been started.
     *
     * @param background whether it serves the other tasks of its group: what cancels the group does
     *     not reach it, see {@link Members#othersEnded}
     */
    public static Strand ofTask(Thread thread, Node parent, Ending task, boolean background) {
        return new Strand(thread, parent, task, background);
    }

    /** The group whose task it runs; only if it runs one. */
    public Members group() {
        return ((BlockNode) Objects.requireNonNull(parent())).members();
    }

    /** Whether it runs a task that serves the other tasks of its group. */
    public boolean background() {
        return isShield();
    }

    /** The calling thread's strand, or null if it is in no scope. */
    public static @Nullable Strand current() {
        return StrandTable.current();
    }

    /** The calling thread's strand, made if there is none; it goes with its last scope. */
    public static Strand currentOrNew() {
        Strand s = StrandTable.current();
        if (s == null) {
            s = ofCaller();
            StrandTable.add(s);
        }
        return s;
    }

    /**
     * The calling thread's strand, or one that is good for one wait: nobody has to find it, and
     * what is waited for keeps the thread reachable.
     */
    public static Strand currentOrUnlisted() {
        Strand s = StrandTable.current();
        return s != null ? s : ofCaller();
    }

    /** Has the classes loaded and initialized that it takes to leave a scope, or to cancel it. */
    public static void load() {
        FullHeap.load();
        Batch.load();
        Objects.requireNonNull(new Spreading(Request.NONE, new Batch()));
        Objects.requireNonNull(new Signal());
        // Compiled code inlines no method with a parameter whose class is not loaded.
        Objects.requireNonNull(ScopeHook.class);
        Objects.requireNonNull(Ending.class);
        Strand rehearsal = ofCaller();
        ScopeNode scope = new ScopeNode(rehearsal.top, 0);
        rehearsal.enter(scope);
        rehearsal.leave(scope, Shape.NOTHING);
    }

    boolean isAside() {
        return aside;
    }

    /**
     * Runs what may call foreign code on this thread that is none of the strand's, such as the
     * close of a channel whose reader is interrupted. That code is in no scope: its checkpoints and
     * waits must not take what was meant for the strand.
     */
    static void aside(Runnable action) {
        Strand strand = StrandTable.current();
        if (strand == null) {
            action.run();
            return;
        }
        strand.aside = true;
        try {
            action.run();
        } finally {
            strand.aside = false;
        }
    }

    /**
     * Owner: a wait that a cancellation or an interrupt does not end: it only has something done.
     * The cancellation is to be told again then, unless it had been told before.
     *
     * @param behind the tasks that bring the end about
     * @return DONE, INTERRUPTED (and it has ended), or CYCLE
     */
    public Wake awaitReacting(
            Ending ending, Supplier<? extends List<? extends Ending>> behind, Runnable reaction) {
        Wake first = await(ending, behind, Nanos.NEVER);
        if (first == Wake.DONE || first == Wake.CYCLE) {
            return first;
        }
        Request request = first == Wake.CANCELLED && wasPending() ? delivered() : null;
        Wake second = Wake.DONE;
        try {
            reaction.run();
            second = awaitHeld(ending, behind, () -> {});
        } finally {
            if (second == Wake.CANCELLED) {
                untell(delivered());
            }
            if (request != null) {
                untell(request);
            }
        }
        boolean interrupted = first == Wake.INTERRUPTED || second == Wake.INTERRUPTED;
        return second == Wake.CYCLE ? second : interrupted ? Wake.INTERRUPTED : Wake.DONE;
    }

    /** Owner: adds a hook to the innermost scope. */
    public ScopeHook addHook(Node node, boolean replacesInterrupt, ScopeHook.Action action) {
        ScopeHook hook =
                new ScopeHook(
                        this,
                        node,
                        replacesInterrupt ? node.entryTold() : told,
                        replacesInterrupt,
                        action);
        node.addHook(hook);
        lookAgain(top);
        hook.trigger();
        return hook;
    }

    /** Tells this strand, and the hooks on the way, that its marks have changed. */
    void marked(boolean repeated, Batch batch) {
        for (Node n = top; n != null && n.strand() == this; n = n.parent()) {
            n.triggerHooks();
            if (n.isShield()) {
                break;
            }
        }
        tell(repeated, batch);
    }

    /** Owner: what was sent for a request that is void by now is taken back. */
    void recall() {
        Signal taken = take();
        if (taken != null && taken.unseen()) {
            clearTaken(taken);
        } else if (taken != null) {
            note(taken);
        }
        rearm();
    }

    // ---- the strand's own beginning and end ----------------------------------------------------

    /**
     * Owner: before the first instruction of a task's body.
     *
     * <p>Memory order: the task is entered in the table by a compare-and-set, between the write of
     * how it waits and the look at the marks.
     */
    public void start() {
        runningSoon();
        register();
        bornInto();
        rearm();
    }

    /** Owner: the same for a task that was registered before. */
    public void startRegistered() {
        running();
        bornInto();
        rearm();
    }

    /** Takes over what is in force where it was linked before its thread was started. */
    void bornInto() {
        Node parent = parent();
        Request m = parent == null ? null : parent.mark();
        if (m != null) {
            bornInto(m);
        }
    }

    private void bornInto(Request m) {
        if (!background() && raise(m) == Node.Raised.NOW) {
            Cancelling.reached(this, m);
            Cancelling.groupReached(this);
        }
    }

    /**
     * Owner: after a task's body. Nothing is delivered any more.
     *
     * @return whether what left the body can be a cancellation's doing
     */
    public boolean finish(Shape shape) {
        if (hooks() == null) {
            shieldedSoon();
            seal();
        } else {
            begin(SHIELDED);
            closeHooks(this);
        }
        boolean signal = settleLast(shape);
        clearInterrupt();
        if (signal) {
            expireAllDue();
        }
        return signal;
    }

    /** Owner: enters it in the table, by which the thread finds it. */
    public void register() {
        StrandTable.add(this);
        BEGUN.setRelease(this, true);
    }

    public void deregister() {
        setOver();
        Forks.forget(thread().threadId());
        StrandTable.remove(this);
    }

    /**
     * Owner: a strand that was made for a scope goes with its last one. No fence is needed: nobody
     * marks the strand itself, so that nothing is sent once the last scope has been left, which has
     * taken what was sent for it.
     */
    public void dropIfIdle() {
        if (task == null && top == this) {
            shieldedSoon();
            deregister();
            take();
        }
    }
}
