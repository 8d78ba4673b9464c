package dev.curfew.soak;

import dev.curfew.GroupClosedException;
import dev.curfew.ServiceGroup;
import dev.curfew.Started;
import dev.curfew.Task;
import dev.curfew.TaskCancelledException;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import dev.curfew.VoidWork;
import dev.curfew.WaitCycleException;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.tree.Strand;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one program did, and the rules that it is held to while it runs. */
final class SoakRecord {
    /** A failure of a body's own. */
    static final class Marked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** How a task is forked. */
    enum As {
        ORDINARY,
        ISOLATED,
        BACKGROUND,
        STARTED
    }

    final AtomicInteger forked = new AtomicInteger();
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final LongAdder cancels = new LongAdder();
    final LongAdder cycles = new LongAdder();
    final Queue<String> broken = new ConcurrentLinkedQueue<>();

    /** Bodies by the thread that ran them; those of tasks without a handle among them. */
    final Map<Task<?>, Throwable> left = new ConcurrentHashMap<>();

    final List<Task<?>> tasks = new CopyOnWriteArrayList<>();
    final List<SoakGroup> groups = new CopyOnWriteArrayList<>();
    final Set<Task<?>> read = ConcurrentHashMap.newKeySet();
    final Map<Task<?>, Throwable> handled = new ConcurrentHashMap<>();
    final Set<Throwable> reported = ConcurrentHashMap.newKeySet();
    final List<ServiceGroup> unclosed = new CopyOnWriteArrayList<>();

    /** Who withdrew a request to stop: its own signal may leave it as a failure. */
    final Set<Task<?>> withdrew = ConcurrentHashMap.newKeySet();

    /** Where a hook has run: whatever is thrown after it is how the cancellation showed. */
    final Set<Task<?>> hooked = ConcurrentHashMap.newKeySet();

    private final List<BooleanSupplier> cancellables = new CopyOnWriteArrayList<>();

    int budget() {
        return forked.get();
    }

    void broken(String what) {
        broken.add(what);
    }

    void handled(Task<?> task, Throwable failure) {
        if (handled.put(task, failure) != null) {
            broken("the failure of " + task + " was handled twice: " + failure);
        }
    }

    /** Problems in clean-up and swallowed signals are the programs' own; nothing else is. */
    void reported(Report id, String message, @Nullable Throwable problem) {
        if (message.contains("task soak-watch-")) {
            return; // of the program before: it was being reported when that ended
        }
        if (problem != null) {
            reported.add(problem);
        }
        boolean unread =
                id == Report.FAILURE_UNREAD
                        && (message.contains("failed in a race")
                                || message.contains("completions/"));
        if (id != Report.CLEANUP_FAILED && id != Report.ABSORBED && !unread) {
            broken("reported " + id + ": " + message + ": " + problem);
        }
    }

    // ---- cancelling ----------------------------------------------------------------------------

    void cancellable(BooleanSupplier cancel) {
        cancellables.add(cancel);
    }

    void cancelOne(SplittableRandom rnd) {
        int size = cancellables.size();
        if (size > 0) {
            cancels.increment();
            try {
                cancellables.get(rnd.nextInt(size)).getAsBoolean();
            } catch (Throwable e) {
                broken("cancel() threw " + e);
            }
        }
    }

    @Nullable Task<?> anyTask(SplittableRandom rnd) {
        int size = tasks.size();
        return size == 0 ? null : tasks.get(rnd.nextInt(size));
    }

    @Nullable SoakGroup anyGroup(SplittableRandom rnd) {
        int size = groups.size();
        return size == 0 ? null : groups.get(rnd.nextInt(size));
    }

    /** {@code cancelAndJoin} leaves, in whatever way, only after the task has ended. */
    void cancelAndJoin(Task<?> task) throws InterruptedException {
        boolean cycle = false;
        cancels.increment();
        read.add(task);
        try {
            task.cancelAndJoin();
        } catch (WaitCycleException e) {
            cycle = true;
            throw e;
        } finally {
            if (!cycle && task.outcome().isEmpty()) {
                broken("cancelAndJoin left before the end of " + task);
            }
        }
    }

    // ---- bodies --------------------------------------------------------------------------------

    /** If the group takes no more it throws that, or returns null. */
    @Nullable Task<?> fork(SoakGroup group, As as, VoidWork<?> body) throws InterruptedException {
        TaskGroup g = group.group();
        Callable<?> counted = () -> body(body);
        forked.incrementAndGet();
        Task<?> task;
        try {
            task =
                    switch (as) {
                        case ORDINARY -> g.fork(counted);
                        case ISOLATED -> g.forkIsolated(counted);
                        case BACKGROUND -> g.forkBackground(counted);
                        case STARTED -> started(g, counted);
                    };
        } catch (GroupClosedException e) {
            if (forked.decrementAndGet() % 2 == 0) {
                throw e;
            }
            return null;
        }
        if (task != null) {
            tasks.add(task);
            cancellable(task::cancel);
            group.add(task);
        }
        return task;
    }

    /** Some say that they are ready, some end before that, some never say it. */
    private @Nullable Task<?> started(TaskGroup group, Callable<?> body)
            throws InterruptedException {
        boolean says = forked.get() % 3 != 0;
        Task<?>[] itself = {null};
        try {
            Started<Integer> started =
                    group.start(
                            "started",
                            ready -> {
                                itself[0] = Task.current().orElseThrow();
                                if (says) {
                                    ready.with(1);
                                }
                                body.call();
                            });
            if (started.task() != itself[0] || started.value() != 1) {
                broken("start returned " + started);
            }
            return started.task();
        } catch (GroupClosedException e) {
            throw e;
        } catch (TaskFailedException | TaskCancelledException e) {
            endedWith(itself[0], e);
            return null;
        } catch (IllegalStateException | InterruptedException e) {
            endedWith(itself[0], e);
            throw e;
        }
    }

    private void endedWith(@Nullable Task<?> task, Throwable thrown) {
        if (task != null) {
            read.add(task);
            if (task.outcome().isEmpty() && !(thrown instanceof WaitCycleException)) {
                broken("start left with " + thrown + " before the end of " + task);
            }
        }
    }

    /** For tasks that others fork: counted when it starts. */
    <T> Callable<T> counted(Callable<T> body) {
        return () -> {
            forked.incrementAndGet();
            tasks.add(Task.current().orElseThrow());
            return body(body);
        };
    }

    private <T> T body(Callable<T> body) throws Exception {
        started.incrementAndGet();
        try {
            return body.call();
        } catch (Throwable e) {
            left.put(Task.current().orElseThrow(), e);
            throw e;
        } finally {
            ended.incrementAndGet();
        }
    }

    private @Nullable Void body(VoidWork<?> body) throws Exception {
        return body(() -> {
            body.run();
            return null;
        });
    }

    // ---- interrupts ----------------------------------------------------------------------------

    /** Behind a scope: an interrupt that is pending belongs to one that is still open. */
    void noStray(String where) {
        boolean pending = Thread.currentThread().isInterrupted();
        Strand strand = Strand.current();
        if (pending && (strand == null || strand.top().inForce() == null)) {
            broken("a stray interrupt after " + where + " in " + Thread.currentThread());
        }
    }
}
