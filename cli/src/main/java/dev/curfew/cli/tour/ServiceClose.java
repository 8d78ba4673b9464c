package dev.curfew.cli.tour;

import static java.lang.Thread.currentThread;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A service whose {@code close()} leaves its poller running. */
final class ServiceClose implements Scene {
    @Override
    public String name() {
        return "service-close";
    }

    @Override
    public String title() {
        return "Close a service that polls in the background";
    }

    @Override
    public String javaCode() {
        return """
        void open() {
            executor.submit(() -> {
                try (mailbox) {
                    while (!currentThread().isInterrupted()) {
                        mailbox.poll();
                        Thread.sleep(interval);
                    }
                }
                return null;
            });
        }

        void close() {
            executor.shutdownNow();
        }
        """;
    }

    @Override
    public String curfewCode() {
        return """
        void open() {
            tasks.fork("poller", () -> {
                try (mailbox) {
                    while (true) {
                        mailbox.poll();
                        CancelScope.sleep(interval);
                    }
                }
            });
        }

        void close() {
            tasks.close();
        }
        """;
    }

    /** A library of the ordinary kind: it catches everything, the interrupt included. */
    private static final class Mailbox implements AutoCloseable {
        private final Stage stage;
        final CountDownLatch polled = new CountDownLatch(1);
        final CountDownLatch seenEnough = new CountDownLatch(4);
        private volatile boolean gone;

        Mailbox(Stage stage) {
            this.stage = stage;
        }

        void poll() {
            if (gone) {
                throw new IllegalStateException("the scene is over");
            }
            stage.saw("poller", "polls");
            polled.countDown();
            seenEnough.countDown();
            try {
                Thread.sleep(stage.pace());
            } catch (InterruptedException e) {
                stage.saw("mailbox", "swallows the interrupt");
            }
        }

        @Override
        public void close() {
            stage.saw("poller", "ends");
            while (seenEnough.getCount() > 0) {
                seenEnough.countDown();
            }
        }

        /** Lets the poller poll some more, if it does. */
        void awaitLeftOver() throws InterruptedException {
            Stage.await(seenEnough);
            gone = true;
        }
    }

    private static Duration interval(Stage stage) {
        return stage.pace().dividedBy(4);
    }

    private record JavaService(ExecutorService executor, Mailbox mailbox, Duration interval) {
        // @start region="java"
        void open() {
            executor.submit(() -> {
                try (mailbox) {
                    while (!currentThread().isInterrupted()) {
                        mailbox.poll();
                        Thread.sleep(interval);
                    }
                }
                return null;
            });
        }

        void close() {
            executor.shutdownNow();
        }
        // @end
    }

    private record CurfewService(ServiceGroup tasks, Mailbox mailbox, Duration interval) {
        // @start region="curfew"
        void open() {
            tasks.fork(
                    "poller",
                    () -> {
                        try (mailbox) {
                            while (true) {
                                mailbox.poll();
                                CancelScope.sleep(interval);
                            }
                        }
                    });
        }

        void close() {
            tasks.close();
        }
        // @end
    }

    @Override
    public void java(Stage stage) throws Exception {
        Mailbox mailbox = new Mailbox(stage);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            JavaService service = new JavaService(executor, mailbox, interval(stage));
            service.open();
            Stage.await(mailbox.polled);
            stage.saw("owner", "closes the service");
            service.close();
            stage.saw("owner", "has closed it");
            mailbox.awaitLeftOver();
            executor.awaitTermination(30, TimeUnit.SECONDS);
        }
    }

    @Override
    public void curfew(Stage stage) throws Exception {
        Mailbox mailbox = new Mailbox(stage);
        ServiceGroup tasks = ServiceGroup.open("service");
        try {
            CurfewService service = new CurfewService(tasks, mailbox, interval(stage));
            service.open();
            Stage.await(mailbox.polled);
            stage.saw("owner", "closes the service");
            service.close();
            stage.saw("owner", "has closed it");
        } finally {
            tasks.close();
        }
    }

    @Override
    public Verdict judge(Trace trace) {
        if (trace.ordered("poller", "ends", "owner", "has closed it")) {
            return new Verdict(
                    true,
                    "close() returned after "
                            + trace.between("owner", "closes the service", "owner", "has closed it")
                            + ", when the poller had ended.");
        }
        long left = trace.countAfter("poller", "polls", "owner", "has closed it");
        return new Verdict(
                false,
                "close() returned after "
                        + trace.between("owner", "closes the service", "owner", "has closed it")
                        + " and left the poller running; it was seen to poll "
                        + left
                        + (left == 1 ? " time" : " times")
                        + " more.");
    }
}
