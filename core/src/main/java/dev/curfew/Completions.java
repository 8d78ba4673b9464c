package dev.curfew;

import dev.curfew.internal.time.Nanos;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in the order in which they end:
 *
 * {@snippet file="dev/curfew/samples/TasksSamples.java" region="completions"}
 *
 * <p>It is a view; the tasks belong to their groups. Closing it cancels and awaits the tasks that
 * have not ended, so that leaving a loop early leaves nothing running. All methods may be called by
 * any thread; each task is handed out once.
 *
 * @param <T> the type of the tasks' values
 * @see Tasks#completions(Collection)
 * @see Tasks#callCompletions
 */
public final class Completions<T extends @Nullable Object> implements AutoCloseable {
    private final SequencedSet<TaskImpl<T>> tasks;
    private final Queue<TaskImpl<T>> ended = new ConcurrentLinkedQueue<>();
    private final Bells changed = new Bells("a task's end");

    /** Tasks that have not been handed out. */
    private final AtomicInteger left;

    /** Tasks that have not ended. */
    private final AtomicInteger running;

    Completions(Collection<? extends Task<T>> tasks) {
        this.tasks = Joins.distinct(tasks);
        this.left = new AtomicInteger(this.tasks.size());
        this.running = new AtomicInteger(this.tasks.size());
        for (TaskImpl<T> task : this.tasks) {
            task.whenEnded(() -> ended(task));
        }
    }

    static <T extends @Nullable Object, R extends @Nullable Object, X extends Exception> R call(
            Collection<? extends Callable<? extends T>> works,
            CompletionsWork<T, ? extends R, ? extends X> body)
            throws X, InterruptedException {
        List<Callable<? extends T>> all = List.copyOf(Objects.requireNonNull(works, "works"));
        Objects.requireNonNull(body, "body");
        Config config =
                Config.blockDefaults()
                        .withName("completions")
                        .withFailurePolicy(FailurePolicy.KEEP_GOING);
        return BlockRun.<R, X>call(
                config,
                group -> {
                    List<Task<T>> tasks = new ArrayList<>(all.size());
                    for (Callable<? extends T> work : all) {
                        tasks.add(group.<T>fork(work));
                    }
                    try (Completions<T> completions = new Completions<>(tasks)) {
                        return body.run(completions);
                    }
                });
    }

    private void ended(TaskImpl<T> task) {
        ended.add(task);
        running.decrementAndGet();
        changed.ring();
    }

    /**
     * Waits for the next task to end. A managed wait.
     *
     * @return a task that has ended, with whatever outcome; empty once each was handed out
     * @throws InterruptedException if the waiting code is cancelled ({@link CancelledException}) or
     *     interrupted; the tasks go on until this is closed
     * @throws WaitCycleException if a single task has not ended, and it waits for the caller, or is
     *     the caller
     */
    @CheckReturnValue
    public Optional<Task<T>> next() throws InterruptedException {
        for (; ; ) {
            Bell bell = changed.next();
            if (left.get() == 0) {
                return Optional.empty();
            }
            TaskImpl<T> task = ended.poll();
            if (task != null) {
                if (left.decrementAndGet() == 0) {
                    changed.ring();
                }
                return Optional.of(task);
            }
            Managed.await(bell, this::behind, Nanos.NEVER);
        }
    }

    /** Of several the first to end is enough: no one of them can be said to be waited for. */
    private List<TaskImpl<T>> behind() {
        return running.get() == 1
                ? tasks.stream().filter(task -> !task.ended()).toList()
                : List.of();
    }

    /**
     * Cancels the tasks that have not ended, all of them first, and returns when the last has
     * ended. Does nothing if all have. A cancellation or an interrupt of the caller does not cut
     * the wait short and stays pending; it is no checkpoint.
     *
     * @throws WaitCycleException if one of the tasks waits for the caller, or is the caller; then
     *     nothing was requested
     */
    @Override
    public void close() {
        Joins.cancelAndJoinQuietly(new LinkedHashSet<>(tasks), "nobody takes its completion");
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "Completions[" + left + " of " + tasks.size() + " tasks left]";
    }
}
