package dev.curfew.cli.tour;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.curfew.CancelScope;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code CompletableFuture}'s {@code cancel} and {@code orTimeout} do not reach the code. */
final class FutureTimeout implements Scene {
    @Override
    public String name() {
        return "completable-future";
    }

    @Override
    public String title() {
        return "Cancel one computation, give another a time limit";
    }

    @Override
    public String javaCode() {
        return """
        CompletableFuture<String> index =
                supplyAsync(work::index, executor);
        CompletableFuture<String> report =
                supplyAsync(work::report, executor)
                        .orTimeout(millis, MILLISECONDS);
        index.cancel(true);
        """;
    }

    @Override
    public String curfewCode() {
        return """
        TaskGroup.run(group -> {
            Task<String> index = group.fork(work::index);
            index.cancelAndJoin();
        });
        Optional<String> report =
                CancelScope.withTimeoutOrEmpty(
                        limit, work::report);
        """;
    }

    private record Work(Stage stage, CountDownLatch ended) {
        String index() {
            return run("index");
        }

        String report() {
            return run("report");
        }

        private String run(String who) {
            stage.saw(who, "starts");
            try {
                Thread.sleep(stage.pace().multipliedBy(2));
                stage.saw(who, "does its work to the end");
            } catch (InterruptedException e) {
                stage.saw(who, "is told to stop");
                throw new IllegalStateException("stopped before it was done", e);
            } finally {
                stage.saw(who, "ends");
                ended.countDown();
            }
            return "done";
        }
    }

    @Override
    public void java(Stage stage) throws Exception {
        Work work = new Work(stage, new CountDownLatch(2));
        long millis = stage.pace().toMillis() / 2;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            // @start region="java"
            CompletableFuture<String> index = supplyAsync(work::index, executor);
            CompletableFuture<String> report =
                    supplyAsync(work::report, executor).orTimeout(millis, MILLISECONDS);
            index.cancel(true);
            // @end
            try {
                index.join();
            } catch (CancellationException e) {
                stage.saw("caller", "is told that index is cancelled");
            }
            try {
                report.join();
            } catch (CompletionException e) {
                stage.saw("caller", "is told that report has timed out");
            }
            Stage.await(work.ended());
        }
    }

    @Override
    public void curfew(Stage stage) throws Exception {
        Work work = new Work(stage, new CountDownLatch(2));
        Duration limit = stage.pace().dividedBy(2);
        // @start region="curfew"
        TaskGroup.run(group -> {
            Task<String> index = group.fork(work::index);
            index.cancelAndJoin();
            stage.saw("caller", "is told that index is cancelled");
        });
        Optional<String> report = CancelScope.withTimeoutOrEmpty(limit, work::report);
        // @end
        if (report.isEmpty()) {
            stage.saw("caller", "is told that report has timed out");
        }
    }

    @Override
    public Verdict judge(Trace trace) {
        boolean index =
                trace.has("index", "is told to stop")
                        && trace.ordered(
                                "index", "ends", "caller", "is told that index is cancelled");
        boolean report =
                trace.has("report", "is told to stop")
                        && trace.ordered(
                                "report", "ends", "caller", "is told that report has timed out");
        if (index && report) {
            return new Verdict(
                    true, "Both were told to stop, and had ended when the caller went on.");
        }
        return new Verdict(
                false,
                index || report
                        ? "One of the two was not stopped before the caller went on."
                        : "Neither was told: index went on for "
                                + trace.between(
                                        "caller",
                                        "is told that index is cancelled",
                                        "index",
                                        "ends")
                                + ", report for "
                                + trace.between(
                                        "caller",
                                        "is told that report has timed out",
                                        "report",
                                        "ends")
                                + " after the caller had heard that it was over.");
    }
}
