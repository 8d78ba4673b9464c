package dev.curfew.samples;

import dev.curfew.CancelScope;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/** What the guide's page on pitfalls shows: the wrong code too, which is run to be seen wrong. */
final class PitfallSamples {
    private PitfallSamples() {}

    interface Store {
        String read(String key) throws IOException, SQLException;
    }

    // @start region="two-checked"
    static String read(Store store) throws IOException, SQLException, InterruptedException {
        try {
            return CancelScope.withTimeout(Duration.ofSeconds(1), () -> store.read("key"));
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) { // javac has inferred X = Exception
            throw new AssertionError("nothing else is thrown", e);
        }
    }

    // @end

    interface Inbox {
        String next() throws IOException, InterruptedException;
    }

    // @start region="catch-all-wrong"
    static void copyWrong(Inbox inbox, Consumer<String> sink) {
        while (true) {
            try {
                sink.accept(inbox.next());
            } catch (Exception e) { // also catches the end
                sink.accept("failed: " + e);
            }
        }
    }

    // @end

    // @start region="catch-all-right"
    static void copy(Inbox inbox, Consumer<String> sink) throws InterruptedException {
        while (true) {
            try {
                sink.accept(inbox.next());
            } catch (IOException e) { // what can be dealt with here, by name
                sink.accept("failed: " + e);
            }
        }
    }

    // @end

    // @start region="clean-up"
    static void useAndGiveBack(Runnable use, Duration politePause) throws InterruptedException {
        try {
            use.run();
            CancelScope.checkpoint();
        } finally {
            CancelScope.shield(
                    Duration.ofSeconds(5),
                    () -> CancelScope.sleep(politePause)); // without the shield it throws at once
        }
    }

    // @end

    // @start region="thread-local"
    static String inTask(ThreadLocal<String> user) throws InterruptedException {
        String name = user.get(); // read here, on the forker's thread
        return TaskGroup.call(group -> group.fork(() -> "hello " + name).await());
    }

    // @end

    // @start region="lock"
    static void withLock(Lock lock, Runnable work) throws InterruptedException {
        lock.lockInterruptibly(); // lock() is not ended by a cancellation
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    // @end

    // @start region="future"
    static String waitFor(CompletableFuture<String> future)
            throws ExecutionException, InterruptedException {
        return future.get(); // join() is not ended by a cancellation
    }

    // @end

    // @start region="held-interrupt"
    static int poll(Inbox badlyMannered) throws IOException, InterruptedException {
        int polls = 0;
        while (polls < 1000) {
            badlyMannered.next(); // may swallow the interrupt
            CancelScope.checkpoint(); // is not fooled
            polls++;
        }
        return polls;
    }

    // @end

    // @start region="absorbed"
    static String absorbed(Task<String> task) throws InterruptedException {
        String value = task.cancelAndJoin().get(); // a body that returns a value has a value
        return task.absorbed() ? value + ", although it was asked to stop" : value;
    }
    // @end
}
