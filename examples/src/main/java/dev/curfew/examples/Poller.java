package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A service that polls in the background. When {@code close()} has returned nothing polls. */
public final class Poller implements AutoCloseable {
    private final ServiceGroup tasks = ServiceGroup.open("poller");

    /** What is asked. */
    public interface Source {
        String poll() throws Exception;
    }

    /** Starts polling. */
    public Poller(Source source, Duration interval, Consumer<String> sink) {
        tasks.fork("poll", () -> loop(source, interval, sink));
    }

    private static void loop(Source source, Duration interval, Consumer<String> sink)
            throws InterruptedException {
        while (true) {
            try {
                sink.accept(source.poll());
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                sink.accept("failed: " + e.getMessage());
            }
            CancelScope.sleep(interval); // throws also where poll() has swallowed an interrupt
        }
    }

    @Override
    public void close() {
        tasks.close();
    }

    public static void main(String[] args) throws InterruptedException {
        CountDownLatch polled = new CountDownLatch(3);
        try (Poller _ = new Poller(() -> "news", Duration.ofMillis(5), _ -> polled.countDown())) {
            polled.await();
        }
        System.out.println("polled three times and stopped");
    }
}
