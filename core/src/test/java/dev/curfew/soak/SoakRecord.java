package dev.curfew.soak;

import static org.assertj.core.api.Assertions.fail;

import dev.curfew.DeadlineExceededException;
import dev.curfew.GroupClosedException;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.VoidWork;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.tree.StrandTable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one program did, and the rules that it is held to. */
final class SoakRecord {
    /** A failure of a body's own. */
    static final class Marked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final AtomicInteger forked = new AtomicInteger();
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final LongAdder cancels = new LongAdder();
    final LongAdder cycles = new LongAdder();

    private final List<BooleanSupplier> cancellables = new CopyOnWriteArrayList<>();
    private final List<Task<?>> tasks = new CopyOnWriteArrayList<>();
    private final Map<Task<?>, Throwable> left = new ConcurrentHashMap<>();
    private final Set<Throwable> handled = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();

    int budget() {
        return forked.get();
    }

    Marked failure() {
        return new Marked();
    }

    void handled(Throwable failure) {
        if (!handled.add(failure)) {
            broken.add("a failure was handled twice: " + failure);
        }
    }

    /** Problems in clean-up and swallowed signals are the programs' own; nothing else is. */
    void reported(Report id, String message, @Nullable Throwable problem) {
        if (id != Report.CLEANUP_FAILED && id != Report.ABSORBED) {
            broken.add("reported " + id + ": " + message + ": " + problem);
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
                broken.add("cancel() threw " + e);
            }
        }
    }

    Task<?> anyTask(SplittableRandom rnd) {
        int size = tasks.size();
        return size == 0 ? null : tasks.get(rnd.nextInt(size));
    }

    /** {@code cancelAndJoin} leaves, in whatever way, only after the task has ended. */
    void joined(Task<?> task, VoidWork<RuntimeException> join) throws InterruptedException {
        boolean cycle = false;
        try {
            join.run();
        } catch (dev.curfew.WaitCycleException e) {
            cycle = true;
            throw e;
        } finally {
            if (!cycle && task.outcome().isEmpty()) {
                broken.add("cancelAndJoin left before the end of " + task);
            }
        }
    }

    // ---- bodies --------------------------------------------------------------------------------

    Task<?> fork(TaskGroup group, VoidWork<?> body) {
        forked.incrementAndGet();
        Task<?> task;
        try {
            task = group.fork(() -> body(body));
        } catch (GroupClosedException e) {
            forked.decrementAndGet();
            throw e;
        }
        tasks.add(task);
        cancellable(task::cancel);
        return task;
    }

    private void body(VoidWork<?> body) throws Exception {
        started.incrementAndGet();
        try {
            body.run();
        } catch (Throwable e) {
            left.put(Task.current().orElseThrow(), e);
            throw e;
        } finally {
            ended.incrementAndGet();
        }
    }

    // ---- what leaves ---------------------------------------------------------------------------

    /** Nothing outlives a block, and every failure in it is in what leaves, or was handled. */
    void block(List<Task<?>> tasks, boolean throwsFailures, SoakProgram.Step block)
            throws Exception {
        Throwable thrown = null;
        try {
            block.run();
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            for (Task<?> task : tasks) {
                Outcome<?> outcome = task.outcome().orElse(null);
                if (outcome == null) {
                    broken.add(task + " outlived its block");
                } else if (throwsFailures
                        && outcome instanceof Outcome.Failed<?> failed
                        && !reaches(thrown, failed.exception())) {
                    broken.add("the failure of " + task + " is not in what left: " + thrown);
                }
            }
        }
    }

    private static boolean reaches(Throwable from, Throwable wanted) {
        return reaches(from, wanted, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean reaches(Throwable from, Throwable wanted, Set<Throwable> seen) {
        if (from == wanted) {
            return true;
        }
        if (from == null || !seen.add(from)) {
            return false;
        }
        if (from instanceof dev.curfew.TaskFailedException e && e.failures().contains(wanted)) {
            return true;
        }
        for (Throwable s : from.getSuppressed()) {
            if (reaches(s, wanted, seen)) {
                return true;
            }
        }
        return reaches(from.getCause(), wanted, seen);
    }

    void expires(SoakProgram.Step scope) throws Exception {
        try {
            scope.run();
        } catch (DeadlineExceededException e) {
            // as it may
        }
    }

    /** The outermost scope: nobody interrupts its thread, so no interruption leaves it. */
    void leaves(SoakProgram.Step outermost) {
        try {
            outermost.run();
        } catch (InterruptedException e) {
            broken.add("an interruption left the outermost scope: " + e);
        } catch (Exception e) {
            // as it may
        }
        if (Thread.interrupted()) {
            broken.add("a stray interrupt after the outermost scope");
        }
    }

    // ---- afterwards ----------------------------------------------------------------------------

    void check() {
        if (forked.get() != started.get() || started.get() != ended.get()) {
            broken.add("forked " + forked + ", started " + started + ", ended " + ended);
        }
        tasks.forEach(this::checkOutcome);
        Set<Task<?>> ours = Set.copyOf(tasks);
        StrandTable.forEach(strand -> {
            if (strand.task() instanceof Task<?> task && ours.contains(task)) {
                broken.add(task + " is still in the table of strands");
            }
        });
        if (!broken.isEmpty()) {
            fail(String.join("\n", broken));
        }
    }

    private void checkOutcome(Task<?> task) {
        Throwable thrown = left.get(task);
        switch (task.outcome().orElse(null)) {
            case null -> broken.add(task + " has not ended");
            case Outcome.Succeeded<?> s -> {
                if (thrown != null) {
                    broken.add(task + " succeeded, but its body threw " + thrown);
                }
            }
            case Outcome.Failed<?> f -> {
                if (f.exception() != thrown) {
                    broken.add(task + " failed with " + f.exception() + ", not " + thrown);
                }
            }
            case Outcome.Cancelled<?> c -> {
                if (c.exception() != thrown || thrown instanceof Marked) {
                    broken.add(task + " was cancelled with " + c.exception() + ", not " + thrown);
                }
            }
        }
    }
}
