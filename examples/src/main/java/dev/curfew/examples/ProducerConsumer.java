package dev.curfew.examples;

import dev.curfew.TaskGroup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Several producers and several consumers round one queue; nothing is lost, nothing is left over.
 */
public final class ProducerConsumer {
    private ProducerConsumer() {}

    /** Produces items. */
    public interface Producer<T> {
        void produce(Sink<T> sink) throws Exception;
    }

    /** Where items go; waits while the queue is full. */
    public interface Sink<T> {
        void put(T item) throws InterruptedException;
    }

    /** Consumes one item; called by several threads. */
    public interface Consumer<T> {
        void consume(T item) throws Exception;
    }

    /** Runs until every item of every producer has been consumed, or somebody fails. */
    public static <T> void run(
            List<? extends Producer<T>> producers, int consumers, Consumer<T> consumer)
            throws InterruptedException {
        BlockingQueue<Optional<T>> queue = new ArrayBlockingQueue<>(64);
        TaskGroup.run(
                config -> config.withName("consumers"),
                outer -> {
                    for (int i = 0; i < consumers; i++) {
                        outer.fork("consumer", () -> consume(queue, consumer));
                    }
                    // This block ends when all producers have.
                    TaskGroup.run(
                            config -> config.withName("producers"),
                            inner -> {
                                for (Producer<T> producer : producers) {
                                    inner.fork(() ->
                                            producer.produce(item -> queue.put(Optional.of(item))));
                                }
                            });
                    for (int i = 0; i < consumers; i++) {
                        queue.put(Optional.empty());
                    }
                });
    }

    private static <T> void consume(BlockingQueue<Optional<T>> queue, Consumer<T> consumer)
            throws Exception {
        for (var item = queue.take(); item.isPresent(); item = queue.take()) {
            consumer.consume(item.get());
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Producer<Integer> producer =
                sink -> {
                    for (int i = 1; i <= 100; i++) {
                        sink.put(i);
                    }
                };
        AtomicLong sum = new AtomicLong();
        run(List.of(producer, producer), 3, number -> sum.addAndGet(number));
        System.out.println("sum " + sum);
    }
}
