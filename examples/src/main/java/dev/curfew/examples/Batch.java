package dev.curfew.examples;

import dev.curfew.FailurePolicy;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Works on many items, so many at a time; some may fail, and the others are done all the same. */
public final class Batch {
    private Batch() {}

    /** What is done with an item. */
    public interface Step<I> {
        void work(I item) throws Exception;
    }

    /** How it went. */
    public record Report<I>(List<I> done, Map<I, Throwable> failed) {}

    /** Works on all items. */
    public static <I> Report<I> run(List<I> items, int limit, Step<I> step)
            throws InterruptedException {
        return TaskGroup.call(
                config -> config.withName("batch").withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    Map<I, Task<?>> tasks = new LinkedHashMap<>();
                    Semaphore free = new Semaphore(limit);
                    for (I item : items) {
                        free.acquire(); // interrupted when the batch is cancelled
                        Task<?> task = group.fork(() -> step.work(item));
                        task.onEnd(_ -> free.release());
                        tasks.put(item, task);
                    }
                    return report(tasks);
                });
    }

    private static <I> Report<I> report(Map<I, Task<?>> tasks) throws InterruptedException {
        List<I> done = new ArrayList<>();
        Map<I, Throwable> failed = new LinkedHashMap<>();
        for (var entry : tasks.entrySet()) {
            if (entry.getValue().join() instanceof Outcome.Failed<?>(_, Throwable problem)) {
                failed.put(entry.getKey(), problem);
            } else {
                done.add(entry.getKey());
            }
        }
        return new Report<>(done, failed);
    }

    public static void main(String[] args) throws InterruptedException {
        System.out.println(
                run(
                        List.of("a", "b", "c", "d"),
                        2,
                        item -> {
                            if (item.equals("c")) {
                                throw new IOException("c is broken");
                            }
                        }));
    }
}
