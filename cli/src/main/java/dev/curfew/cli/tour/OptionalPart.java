package dev.curfew.cli.tour;

import dev.curfew.Task;
import dev.curfew.TaskCancelledException;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A caller that can do without a part takes its own cancellation for the part's. */
final class OptionalPart implements Scene {
    @Override
    public String name() {
        return "swallowed-cancellation";
    }

    @Override
    public String title() {
        return "Wait for a part that one can do without, and be cancelled";
    }

    @Override
    public String javaCode() {
        return """
        String advice;
        try {
            advice = part.get();
        } catch (ExecutionException
                | CancellationException
                | InterruptedException e) {
            advice = "none";
        }
        mail.send(advice);
        """;
    }

    @Override
    public String curfewCode() {
        return """
        String advice;
        try {
            advice = part.await();
        } catch (TaskFailedException
                | TaskCancelledException e) {
            advice = "none";
        }
        mail.send(advice);
        """;
    }

    private record Mail(Stage stage) {
        void send(String advice) {
            stage.saw("caller", "sends the mail, with advice: " + advice);
            stage.saw("caller", "has sent the mail");
        }
    }

    private static String advise(Stage stage) throws InterruptedException {
        try {
            Stage.block();
            return "buy";
        } finally {
            stage.saw("part", "ends");
        }
    }

    @Override
    public void java(Stage stage) throws Exception {
        Mail mail = new Mail(stage);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> part = executor.submit(() -> advise(stage));
            Thread caller =
                    Thread.startVirtualThread(() -> {
                        stage.saw("caller", "waits for the part");
                        // @start region="java"
                        String advice;
                        try {
                            advice = part.get();
                        } catch (ExecutionException
                                | CancellationException
                                | InterruptedException e) {
                            advice = "none";
                        }
                        mail.send(advice);
                        // @end
                        stage.saw("caller", "ends");
                    });
            Stage.awaitBlocked(caller);
            stage.saw("somebody", "cancels the caller");
            caller.interrupt();
            Stage.awaitEnd(caller);
            part.cancel(true);
        }
    }

    @Override
    public void curfew(Stage stage) throws Exception {
        Mail mail = new Mail(stage);
        CountDownLatch waits = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<?> caller =
                    group.fork(
                            "caller",
                            () -> TaskGroup.run(parts -> mail(stage, mail, parts, waits)));
            Stage.await(waits);
            stage.saw("somebody", "cancels the caller");
            caller.cancelAndJoin();
        });
    }

    private static void mail(Stage stage, Mail mail, TaskGroup parts, CountDownLatch waits)
            throws InterruptedException {
        Task<String> part = parts.fork("part", () -> advise(stage));
        stage.saw("caller", "waits for the part");
        waits.countDown();
        try {
            // @start region="curfew"
            String advice;
            try {
                advice = part.await();
            } catch (TaskFailedException | TaskCancelledException e) {
                advice = "none";
            }
            mail.send(advice);
            // @end
        } finally {
            stage.saw("caller", "ends");
        }
    }

    @Override
    public Verdict judge(Trace trace) {
        boolean sent = trace.has("caller", "has sent the mail");
        boolean early =
                sent
                        && trace.ordered(
                                "caller", "has sent the mail", "somebody", "cancels the caller");
        if (early || !trace.has("somebody", "cancels the caller")) {
            return new Verdict(false, "The caller was not cancelled while it waited.");
        }
        return sent
                ? new Verdict(
                        false,
                        "The caller took its own cancellation for the part's, and sent the mail "
                                + trace.between(
                                        "somebody",
                                        "cancels the caller",
                                        "caller",
                                        "has sent the mail")
                                + " after it was cancelled.")
                : new Verdict(
                        true,
                        trace.has("caller", "ends")
                                ? "The caller ended "
                                        + trace.between(
                                                "somebody", "cancels the caller", "caller", "ends")
                                        + " after it was cancelled, and sent nothing."
                                : "The caller sent nothing after it was cancelled.");
    }
}
