package dev.curfew.samples;

import dev.curfew.CancelScope;
import dev.curfew.Outcome;
import dev.curfew.Runner;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;

/** What the API's documentation shows. */
final class ApiSamples {
    private ApiSamples() {}

    record Page(String title) {}

    static void config() throws InterruptedException {
        // @start region="config"
        TaskGroup.run(
                config -> config.withName("import").withPatience(Duration.ofSeconds(30)),
                group -> group.fork("fetch", () -> "page"));
        // @end
    }

    static String outcome(Task<Page> task) throws InterruptedException {
        // @start region="outcome"
        String shown =
                switch (task.join()) {
                    case Outcome.Succeeded<Page>(Page page) -> page.title();
                    case Outcome.Failed<Page>(_, Throwable problem) -> "broken: " + problem;
                    case Outcome.Cancelled<Page> cancelled -> "left out: " + cancelled.reason();
                };
        // @end
        return shown;
    }

    static Page rethrow(Task<Page> task) throws IOException, InterruptedException {
        Page page;
        // @start region="rethrow"
        try {
            page = task.await();
        } catch (TaskFailedException e) {
            e.rethrow(IOException.class);
            throw e;
        }
        // @end
        return page;
    }

    static long query(PreparedStatement statement) throws SQLException, InterruptedException {
        // @start region="hook"
        ResultSet rows = CancelScope.onCancel(statement::cancel, () -> statement.executeQuery());
        // @end
        rows.next();
        return rows.getLong(1);
    }

    // @start region="service"
    static final class Mailer {
        private final ServiceGroup tasks = ServiceGroup.open("mailer");

        Mailer(BlockingQueue<String> mails) {
            tasks.fork(
                    "sender",
                    () -> {
                        while (true) {
                            String mail = mails.take();
                            tasks.fork("send", () -> send(mail));
                        }
                    });
        }

        void close() {
            tasks.close(); // cancels, and returns when the last task has ended
        }

        private void send(String mail) {}
    }

    // @end

    static void cleanUp(Runnable commit, Runnable flush) throws InterruptedException {
        // @start region="shield"
        try {
            commit.run();
        } finally {
            CancelScope.shield(Duration.ofSeconds(5), flush::run);
        }
        // @end
    }

    static void mirror(String from, String to) {}

    static void report() {}

    // @start region="runner"
    public static void main(String[] args) {
        Runner.main(group -> {
            group.fork("mirror", () -> mirror(args[0], args[1]));
            try {
                while (true) {
                    CancelScope.sleep(Duration.ofMinutes(1));
                    report();
                }
            } finally {
                report(); // after Ctrl-C too: the JVM waits for it
            }
        });
    }
    // @end
}
