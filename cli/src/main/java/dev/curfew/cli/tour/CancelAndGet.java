package dev.curfew.cli.tour;

import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code cancel(true)} and {@code get()}: back at once, while the body is still running. */
final class CancelAndGet implements Scene {
    @Override
    public String name() {
        return "cancel-and-get";
    }

    @Override
    public String title() {
        return "Cancel a task, wait for it, and close what it used";
    }

    @Override
    public String javaCode() {
        return """
        future.cancel(true);
        try {
            future.get();
        } catch (CancellationException e) {
            // it is over
        }
        connection.close();
        """;
    }

    @Override
    public String curfewCode() {
        return """
        task.cancelAndJoin();
        connection.close();
        """;
    }

    /** Something that the body uses, also in its clean-up. */
    private static final class Connection {
        private final Stage stage;
        final CountDownLatch opened = new CountDownLatch(1);

        Connection(Stage stage) {
            this.stage = stage;
        }

        void close() {
            stage.saw("caller", "closes the connection");
        }

        void copy() throws InterruptedException {
            stage.saw("body", "starts");
            opened.countDown();
            try {
                Stage.block();
            } finally {
                stage.saw("body", "cleans up");
                stage.takeTime();
                stage.saw("body", "uses the connection");
                stage.saw("body", "ends");
            }
        }
    }

    @Override
    public void java(Stage stage) throws Exception {
        Connection connection = new Connection(stage);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> future =
                    executor.submit(() -> {
                        connection.copy();
                        return null;
                    });
            Stage.await(connection.opened);
            stage.saw("caller", "cancels");
            // @start region="java"
            future.cancel(true);
            try {
                future.get();
            } catch (CancellationException e) {
                // it is over
            }
            stage.saw("caller", "has waited");
            connection.close();
            // @end
        }
    }

    @Override
    public void curfew(Stage stage) throws Exception {
        Connection connection = new Connection(stage);
        TaskGroup.run(group -> {
            Task<?> task = group.fork(connection::copy);
            Stage.await(connection.opened);
            stage.saw("caller", "cancels");
            // @start region="curfew"
            task.cancelAndJoin();
            stage.saw("caller", "has waited");
            connection.close();
            // @end
        });
    }

    @Override
    public Verdict judge(Trace trace) {
        boolean inOrder = trace.ordered("body", "ends", "caller", "has waited");
        String waited = trace.between("caller", "cancels", "caller", "has waited");
        if (inOrder) {
            return new Verdict(
                    true,
                    "The caller was back after "
                            + waited
                            + ", when the body had ended; nothing was closed under it.");
        }
        String used =
                trace.ordered("caller", "closes the connection", "body", "uses the connection")
                        ? ", and used the connection after it was closed"
                        : "";
        String late =
                trace.has("body", "ends")
                        ? "ended "
                                + trace.between("caller", "has waited", "body", "ends")
                                + " later"
                        : "did not end";
        return new Verdict(
                false, "The caller was back after " + waited + "; the body " + late + used + ".");
    }
}
