package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps workers running: one that fails is started again after a pause, so many times. */
public final class Supervisor implements AutoCloseable {
    private final ServiceGroup tasks = ServiceGroup.open("supervisor");
    private final Duration pause;
    private final int restarts;

    /** Starts a worker again after the pause, at most so many times. */
    public Supervisor(Duration pause, int restarts) {
        this.pause = pause;
        this.restarts = restarts;
    }

    /** What is kept running; it may return when there is nothing more to do. */
    public interface Worker {
        void run() throws Exception;
    }

    /** Starts a worker. The task fails with the worker's last failure when there were too many. */
    public Task<Integer> start(String name, Worker worker) {
        return tasks.fork(name, () -> supervise(worker));
    }

    private int supervise(Worker worker) throws Exception {
        for (int restarted = 0; ; restarted++) {
            try {
                worker.run();
                return restarted;
            } catch (InterruptedException e) {
                throw e; // it is being stopped, and has not failed
            } catch (Exception e) {
                if (restarted == restarts) {
                    throw e;
                }
            }
            CancelScope.sleep(pause);
        }
    }

    @Override
    public void close() {
        tasks.close();
    }

    public static void main(String[] args) throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        try (Supervisor supervisor = new Supervisor(Duration.ofMillis(5), 5)) {
            Task<Integer> worker =
                    supervisor.start(
                            "worker",
                            () -> {
                                if (runs.incrementAndGet() < 3) {
                                    throw new IOException("broken");
                                }
                            });
            System.out.println("restarted " + worker.await() + " times");
        }
    }
}
