package dev.curfew.examples;

import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A value that is kept and refreshed in the background. While one refresh runs nobody starts
 * another; a reader who is cancelled does not cancel it; after a failed one the old value stays.
 */
public final class CacheRefresh<T> implements AutoCloseable {
    /** Who waits for a refresh is told of its failure; where nobody does, the old value stays. */
    private final ServiceGroup tasks =
            ServiceGroup.open("cache", config -> config.withFailureHandler((_, _) -> {}));

    private final ReentrantLock lock = new ReentrantLock();
    private final Callable<T> source;
    private volatile @Nullable T value;
    private @Nullable Task<T> refresh;

    /** Nothing is loaded yet. */
    public CacheRefresh(Callable<T> source) {
        this.source = source;
    }

    /**
     * The value; waits for the first one only.
     *
     * @throws TaskFailedException if there is none, and loading it failed
     */
    public T get() throws InterruptedException {
        T present = value;
        return present != null ? present : refresh().await();
    }

    /** Starts a refresh, unless one runs already, and does not wait. */
    public Task<T> refresh() {
        lock.lock();
        try {
            Task<T> running = refresh;
            if (running == null || running.outcome().isPresent()) {
                running = tasks.fork("refresh", this::load);
                refresh = running;
            }
            return running;
        } finally {
            lock.unlock();
        }
    }

    private T load() throws Exception {
        T loaded = source.call();
        value = loaded;
        return loaded;
    }

    @Override
    public void close() {
        tasks.close();
    }

    public static void main(String[] args) throws InterruptedException {
        AtomicInteger version = new AtomicInteger();
        try (CacheRefresh<String> cache =
                new CacheRefresh<>(() -> "version " + version.incrementAndGet())) {
            System.out.println(cache.get());
            System.out.println(cache.get());
            cache.refresh().join();
            System.out.println(cache.get());
        }
    }
}
