package dev.curfew.samples;

import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.ShutdownReport;
import dev.curfew.Started;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Tasks that are something else to their group than most are. */
final class RolesSamples {
    private RolesSamples() {}

    static String page(Callable<String> article, Callable<String> advertisement)
            throws InterruptedException {
        // @start region="isolated"
        return TaskGroup.call(group -> {
            Task<String> text = group.fork(article);
            Task<String> extra = group.forkIsolated(advertisement);
            String below = extra.join() instanceof Outcome.Succeeded<String>(String s) ? s : "";
            return text.await() + below;
        });
        // @end
    }

    static void batch(Runnable renewLease, Callable<?> work) throws InterruptedException {
        // @start region="background"
        TaskGroup.run(group -> {
            group.forkBackground(
                    "lease",
                    () -> {
                        while (true) {
                            renewLease.run();
                            Thread.sleep(1000);
                        }
                    });
            group.fork("work", work); // the lease is renewed until this has cleaned up
        });
        // @end
    }

    static int server(TaskGroup group) throws InterruptedException {
        // @start region="start"
        Started<Integer> server =
                group.start(
                        "server",
                        ready -> {
                            try (ServerSocket listening = new ServerSocket(0)) {
                                ready.with(listening.getLocalPort());
                                while (true) {
                                    Socket connection = listening.accept();
                                    group.fork(() -> serve(connection));
                                }
                            }
                        });
        int port = server.value(); // connections are accepted from here on
        // @end
        return port;
    }

    private static void serve(Socket connection) throws java.io.IOException {
        connection.close();
    }

    static ShutdownReport shutdown(ServiceGroup workers) {
        // @start region="shutdown"
        ShutdownReport report = workers.shutdown(Duration.ofSeconds(20), Duration.ofSeconds(5));
        if (!report.complete()) {
            System.err.println(report.details()); // who is left, where it stands, what to do
            workers.abandon();
        }
        // @end
        return report;
    }
}
