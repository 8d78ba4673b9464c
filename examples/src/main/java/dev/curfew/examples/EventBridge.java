package dev.curfew.examples;

import dev.curfew.CancelScope;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Waits for an event that a listener is told of; whatever ends the wait, the listener is removed.
 */
public final class EventBridge {
    private EventBridge() {}

    /** Something that tells listeners. */
    public interface Source<E> {
        void add(Consumer<E> listener);

        void remove(Consumer<E> listener);
    }

    /** The next event; empty if there is none in time. */
    public static <E> Optional<E> next(Source<E> source, Duration limit)
            throws InterruptedException {
        CompletableFuture<E> event = new CompletableFuture<>();
        Consumer<E> listener = event::complete;
        source.add(listener);
        try {
            return CancelScope.withTimeoutOrEmpty(limit, event::get);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails this future", e);
        } finally {
            source.remove(listener);
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Source<String> source =
                new Source<>() {
                    @Override
                    public void add(Consumer<String> listener) {
                        Thread.startVirtualThread(() -> listener.accept("it rains"));
                    }

                    @Override
                    public void remove(Consumer<String> listener) {}
                };
        System.out.println(next(source, Duration.ofSeconds(30)));
    }
}
