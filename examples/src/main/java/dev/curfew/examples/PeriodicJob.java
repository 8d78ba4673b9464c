package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Runs a job every so often, never twice at a time; a run that takes too long skips beats. */
public final class PeriodicJob implements AutoCloseable {
    private final ServiceGroup tasks = ServiceGroup.open("periodic");

    /** The job. */
    public interface Job {
        void run() throws Exception;
    }

    /** Starts; the first run is at once. */
    public PeriodicJob(Duration period, Job job) {
        tasks.fork("job", () -> loop(period, job));
    }

    private static void loop(Duration period, Job job) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                job.run();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                System.getLogger("examples").log(System.Logger.Level.WARNING, "a run failed", e);
            }
            long inPeriod = (System.nanoTime() - start) % period.toNanos();
            CancelScope.sleep(period.minusNanos(inPeriod));
        }
    }

    @Override
    public void close() {
        tasks.close();
    }

    public static void main(String[] args) throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        try (PeriodicJob _ = new PeriodicJob(Duration.ofMillis(10), runs::countDown)) {
            runs.await();
        }
        System.out.println("ran three times and stopped");
    }
}
