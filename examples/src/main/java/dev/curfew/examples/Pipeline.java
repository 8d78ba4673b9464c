package dev.curfew.examples;

import dev.curfew.TaskGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;

/** Stages with bounded queues between them; one that fails stops all. */
public final class Pipeline {
    private static final int QUEUE = 16;

    private Pipeline() {}

    /** What a stage does with each item. */
    public interface Stage<A, B> {
        B apply(A item) throws Exception;
    }

    /** Sends the items through both stages, each on a thread of its own, in order. */
    public static <A, B, C> List<C> run(Iterable<A> items, Stage<A, B> first, Stage<B, C> second)
            throws InterruptedException {
        BlockingQueue<Optional<A>> in = new ArrayBlockingQueue<>(QUEUE);
        BlockingQueue<Optional<B>> middle = new ArrayBlockingQueue<>(QUEUE);
        BlockingQueue<Optional<C>> out = new ArrayBlockingQueue<>(QUEUE);
        return TaskGroup.call(
                config -> config.withName("pipeline"),
                group -> {
                    group.fork("read", feed(items, in));
                    group.fork("first", stage(in, first, middle));
                    group.fork("second", stage(middle, second, out));
                    List<C> results = new ArrayList<>();
                    // The body is cancelled when a stage fails, so this cannot wait for ever.
                    for (var r = out.take(); r.isPresent(); r = out.take()) {
                        results.add(r.get());
                    }
                    return results;
                });
    }

    private static <A> Callable<Boolean> feed(Iterable<A> items, BlockingQueue<Optional<A>> to) {
        return () -> {
            for (A item : items) {
                to.put(Optional.of(item));
            }
            to.put(Optional.empty());
            return true;
        };
    }

    private static <A, B> Callable<Boolean> stage(
            BlockingQueue<Optional<A>> from, Stage<A, B> stage, BlockingQueue<Optional<B>> to) {
        return () -> {
            for (var item = from.take(); item.isPresent(); item = from.take()) {
                to.put(Optional.of(stage.apply(item.get())));
            }
            to.put(Optional.empty());
            return true;
        };
    }

    public static void main(String[] args) throws InterruptedException {
        System.out.println(run(List.of("1", "2", "3"), Integer::valueOf, n -> n * n));
    }
}
