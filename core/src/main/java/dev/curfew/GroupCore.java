package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.time.FullHeap;
import dev.curfew.internal.tree.Cancelling;
import dev.curfew.internal.tree.Ending;
import dev.curfew.internal.tree.Forks;
import dev.curfew.internal.tree.Members;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What both forms of a group have in common: members, settings, forks and failures. */
abstract sealed class GroupCore extends Members permits BlockGroup, ServiceCore {
    static {
        Extensions.start();
        Listeners.load();
    }

    private final Settings settings;
    private final @Nullable Redelivery redelivery;

    /**
     * The group of a block.
     *
     * @param around the innermost scope around it
     * @param gate made before the group, see {@link Members#gate}
     */
    GroupCore(Config config, Node around, long @Nullable [] gate) {
        super(gate);
        this.settings = Settings.of(config, settingsAt(around));
        this.redelivery = redelivery();
    }

    GroupCore(Config config) {
        this.settings = Settings.of(config, null);
        this.redelivery = redelivery();
    }

    private @Nullable Redelivery redelivery() {
        long interval = settings.redeliveryNanos();
        return interval > 0 ? new Redelivery(this, interval) : null;
    }

    static GroupCore of(TaskGroup group) {
        // Not a switch over the types: that is a call of generated code, for each fork.
        return group instanceof BlockGroup block ? block : ((ServiceGroup) group).core();
    }

    /** Those of the nearest group around {@code node}. */
    private static @Nullable Settings settingsAt(@Nullable Node node) {
        for (Node n = node; n != null; n = n.parent()) {
            if (n.members() instanceof GroupCore group) {
                return group.settings;
            }
        }
        return null;
    }

    /** The patience that holds at {@code node}. */
    static long patienceAt(@Nullable Node node) {
        return Settings.patience(settingsAt(node));
    }

    final Config config() {
        return settings.config();
    }

    final long patienceNanos() {
        return settings.patienceNanos();
    }

    /** What users hold. */
    @Override
    public abstract TaskGroup facade();

    /** The scope that new tasks belong to. */
    abstract Node node();

    /** Whether a task that was counted in is to be turned away all the same. */
    abstract boolean refuses(Entry entry);

    abstract GroupClosedException refusal();

    /** What threw in the clean-up of a cancelled task is in its outcome, which nobody may read. */
    abstract void cleanUpFailed(TaskImpl<?> task, Throwable signal);

    /** A task of this group has failed; its outcome is published. */
    abstract void taskFailed(TaskImpl<?> task, Throwable failure);

    /**
     * Somebody is about to be handed the failure, maybe before {@link #taskFailed}, of a task that
     * may be isolated: otherwise the group is cancelled for it by then, so that what its reader
     * does next has one meaning.
     */
    abstract void failureRead(TaskImpl<?> task, Throwable failure);

    /** Tells the failure handler, where this form of group does so at once. May block. */
    abstract void tellHandler(TaskImpl<?> task, Throwable failure);

    /** The path. */
    public final String name() {
        return Paths.of(node());
    }

    @Override
    public final @Nullable String ownName() {
        return config().nameOrNull();
    }

    @Override
    public final String label() {
        return "group " + Text.harmless(name());
    }

    // ---- forks ----------------------------------------------------------------------------

    /**
     * Counts the task in, links it, and starts it; its thread reads the mark of its scope only
     * then: a canceller that marks first and walks the members afterwards is seen there, or sees
     * the task.
     */
    final <T extends @Nullable Object> TaskImpl<T> fork(
            @Nullable String name, Callable<? extends T> body, Role role) {
        return fork(name, body, role, null, null);
    }

    final TaskImpl<@Nullable Void> forkWork(@Nullable String name, VoidWork<?> body, Role role) {
        return fork(name, body instanceof Callable ? new VoidBody(body) : body, role, null, null);
    }

    /** Forks what has come through a view of the group as an executor. */
    final <T extends @Nullable Object> TaskImpl<T> fork(
            Callable<? extends T> body, ExecutorTask.Submission<T> submission) {
        return fork(null, body, Role.ORDINARY, null, submission);
    }

    final <T extends @Nullable Object> TaskImpl<T> fork(
            @Nullable String name,
            Callable<? extends T> body,
            Role role,
            Consumer<TaskImpl<T>> first) {
        return fork(name, body, role, first, null);
    }

    /**
     * @param body a {@code Callable}, or a {@code VoidWork} that is none
     * @param first is handed the task before its thread starts
     * @param submission what an executor view wants to know of the task
     */
    private <T extends @Nullable Object> TaskImpl<T> fork(
            @Nullable String name,
            Object body,
            Role role,
            @Nullable Consumer<TaskImpl<T>> first,
            ExecutorTask.@Nullable Submission<T> submission) {
        Objects.requireNonNull(body, "body");
        Context context = settings.context();
        Object carried = context == null ? body : context.around(VoidBody.callable(body));
        Threads threads = settings.threads();
        boolean background = role == Role.BACKGROUND;
        Entry entry = countUp(background);
        if (entry == Entry.REFUSED) {
            throw refusal();
        }
        TaskImpl<T> task;
        try {
            if (refuses(entry)) {
                throw refusal();
            }
            task =
                    submission == null
                            ? new TaskImpl<>(node(), name, carried, role, threads)
                            : new ExecutorTask<>(node(), carried, threads, submission);
            if (first != null) {
                first.accept(task);
            }
        } catch (Throwable e) {
            countDown(background);
            throw e;
        }
        try {
            start(task, name, entry);
        } catch (Throwable e) {
            task.neverStarted(e);
            throw e;
        }
        return task;
    }

    private void start(TaskImpl<?> task, @Nullable String name, Entry entry) {
        Strand strand = task.strand();
        Thread thread = strand.thread();
        if (name != null) {
            thread.setName(Text.harmless(task.name()));
        }
        if (Forks.due()) {
            noteFork(thread);
        }
        add(strand, entry);
        if (strand.background()) {
            endBackgroundIfAlone();
        }
        thread.start();
        node().forked();
    }

    private static void noteFork(Thread thread) {
        Forks.note(
                thread.threadId(),
                () -> {
                    Site site = Site.here();
                    return site == null ? null : site::where;
                });
    }

    // ---- asking ----------------------------------------------------------------------------

    @Override
    protected final void othersEnded(Strand background) {
        CancelReason reason =
                CancelReason.of(
                        CancelReason.Kind.GROUP_CLOSED,
                        "all that it served have ended",
                        null,
                        "the end of " + label(),
                        null,
                        null);
        Request r = Cancelling.cancel(background.root(), reason, false, false);
        if (r != null && r.reason() == reason) {
            asked(r);
        }
    }

    @Override
    protected final void reached() {
        if (redelivery != null) {
            redelivery.begin();
        }
    }

    /** A request of one of its tasks alone, which is new. */
    final void asked(Request request) {
        Patience.watch(request, patienceNanos());
        reached();
    }

    /** For a task that has failed: nobody else would have the group stopped for it. */
    final CancelReason failed(TaskImpl<?> task, Throwable failure) {
        for (; ; ) {
            try {
                return Reasons.siblingFailed(task, failure);
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            }
        }
    }

    /** The same for its request: with the same reason it goes on where it was halted. */
    final void insist(Node node, CancelReason reason, Cancelling.By by) {
        for (; ; ) {
            try {
                request(node, reason, by);
                return;
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            }
        }
    }

    /** False if {@code node} has ended. */
    final boolean request(Node node, CancelReason reason) {
        return request(node, reason, Cancelling.By.DELIVERY);
    }

    final boolean request(Node node, CancelReason reason, Cancelling.By by) {
        Request r = Cancelling.cancel(node, reason, false, false, by);
        if (r != null && r.reason() == reason) {
            Patience.watch(r, patienceNanos());
        }
        return r != null;
    }

    // ---- its tasks --------------------------------------------------------------------------

    final List<TaskImpl<?>> present() {
        List<TaskImpl<?>> tasks = new ArrayList<>();
        forEach(strand -> tasks.add((TaskImpl<?>) Objects.requireNonNull(strand.task())));
        return tasks;
    }

    /** What users are shown. */
    public final List<Task<?>> tasks() {
        List<TaskImpl<?>> tasks = present();
        tasks.removeIf(Ending::ended); // it is a member until its group knows of its failure
        return List.copyOf(tasks);
    }

    /**
     * Waits for the present tasks, or until the group has ended without them; false if the deadline
     * has passed first.
     */
    final boolean awaitPresent(long deadline) throws InterruptedException {
        List<TaskImpl<?>> tasks = present().stream().filter(t -> !t.isBackground()).toList();
        Strand self = Strand.current();
        if (self != null && self.task() instanceof TaskImpl<?> own && tasks.contains(own)) {
            throw new WaitCycleException(List.of(own.label(), label()));
        }
        for (TaskImpl<?> task : tasks) {
            if (!Managed.await(task, this::ended, deadline)) {
                return false;
            }
            Throwable failure = task.failureOrNull();
            if (failure != null) {
                failureRead(task, failure);
            }
        }
        return true;
    }

    /** False if the deadline has passed first. */
    final boolean joinPresent(long deadline) throws InterruptedException {
        boolean ended;
        try {
            ended = awaitPresent(deadline);
        } catch (CancelledException e) {
            TaskFailedException failure = failure();
            if (failure != null && e.reason().kind() == CancelReason.Kind.SIBLING_FAILED) {
                throw failure;
            }
            throw e;
        }
        TaskFailedException failure = failure();
        if (failure != null) {
            throw failure;
        }
        return ended;
    }

    /** What the group is being cancelled for, with all failures so far; null if it is not. */
    abstract @Nullable TaskFailedException failure();

    static String given(String name) {
        return Objects.requireNonNull(name, "name");
    }

    final void callHandler(TaskImpl<?> task, Throwable failure) {
        FailureHandler handler = config().failureHandlerOrNull();
        String what = task.label() + " failed, and nobody has read its outcome";
        if (handler == null) {
            Reports.report(Report.FAILURE_UNREAD, what, failure);
            return;
        }
        try {
            handler.failed(task, failure);
        } catch (Throwable e) {
            Reports.report(
                    Report.HANDLER_FAILED,
                    "the failure handler of " + label() + " threw; what it was told follows",
                    e);
            Reports.report(Report.FAILURE_UNREAD, what, failure);
        }
    }
}
