package dev.curfew.cli.tour;

import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.util.concurrent.CountDownLatch;

/** {@code interrupt()} and {@code join()}, by a caller that is itself interrupted meanwhile. */
final class InterruptAndJoin implements Scene {
    @Override
    public String name() {
        return "interrupt-and-join";
    }

    @Override
    public String title() {
        return "Stop a worker and wait, while somebody stops the caller";
    }

    @Override
    public String javaCode() {
        return """
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException e) {
            // it was interrupted
        }
        """;
    }

    @Override
    public String curfewCode() {
        return """
        worker.cancelAndJoin();
        """;
    }

    private static void work(Stage stage, CountDownLatch started, CountDownLatch cleaning)
            throws InterruptedException {
        stage.saw("worker", "starts");
        started.countDown();
        try {
            Stage.block();
        } finally {
            stage.saw("worker", "cleans up");
            cleaning.countDown();
            stage.takeTime();
            stage.saw("worker", "ends");
        }
    }

    /** Interrupts the caller while it waits for the worker's clean-up. */
    private static void interrupt(Stage stage, Thread caller, CountDownLatch cleaning)
            throws InterruptedException {
        Stage.await(cleaning);
        Stage.awaitBlocked(caller);
        stage.saw("somebody", "interrupts the caller");
        caller.interrupt();
        Stage.awaitEnd(caller);
    }

    @Override
    public void java(Stage stage) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cleaning = new CountDownLatch(1);
        Thread worker =
                Thread.startVirtualThread(() -> {
                    try {
                        work(stage, started, cleaning);
                    } catch (InterruptedException e) {
                        // the end that it was asked for
                    }
                });
        Stage.await(started);
        Thread caller =
                Thread.startVirtualThread(() -> {
                    stage.saw("caller", "asks the worker to stop");
                    // @start region="java"
                    worker.interrupt();
                    try {
                        worker.join();
                    } catch (InterruptedException e) {
                        // it was interrupted
                    }
                    // @end
                    stage.saw("caller", "leaves the wait");
                    if (Thread.currentThread().isInterrupted()) {
                        stage.saw("caller", "knows that it was interrupted");
                    }
                });
        interrupt(stage, caller, cleaning);
        Stage.awaitEnd(worker);
    }

    @Override
    public void curfew(Stage stage) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cleaning = new CountDownLatch(1);
        Thread caller =
                Thread.startVirtualThread(() -> {
                    try {
                        TaskGroup.run(group -> stop(stage, group, started, cleaning));
                    } catch (InterruptedException e) {
                        stage.saw("caller", "knows that it was interrupted");
                    }
                });
        interrupt(stage, caller, cleaning);
    }

    private static void stop(
            Stage stage, TaskGroup group, CountDownLatch started, CountDownLatch cleaning)
            throws InterruptedException {
        Task<?> worker = group.fork(() -> work(stage, started, cleaning));
        Stage.await(started);
        stage.saw("caller", "asks the worker to stop");
        try {
            // @start region="curfew"
            worker.cancelAndJoin();
            // @end
        } finally {
            stage.saw("caller", "leaves the wait");
        }
    }

    @Override
    public Verdict judge(Trace trace) {
        boolean waited = trace.ordered("worker", "ends", "caller", "leaves the wait");
        boolean knows = trace.has("caller", "knows that it was interrupted");
        String late =
                trace.has("worker", "ends")
                        ? trace.between("caller", "leaves the wait", "worker", "ends")
                                + " before the worker had ended"
                        : "although the worker did not end";
        return new Verdict(
                waited && knows,
                (waited
                                ? "The caller left the wait when the worker had ended"
                                : "The caller left the wait " + late)
                        + (waited == knows ? ", and " : ", but ")
                        + (knows
                                ? "its own interrupt was not lost."
                                : "its own interrupt was swallowed."));
    }
}
