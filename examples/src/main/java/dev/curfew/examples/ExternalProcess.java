package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program and reads its output; cancelled, it stops the program and waits for its end. */
public final class ExternalProcess {
    private ExternalProcess() {}

    /** How the program ended. */
    public record Result(int code, String output) {}

    /** Runs it. Asked to stop, it has this grace until it is killed. */
    public static Result run(Duration grace, List<String> command)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return TaskGroup.call(
                    // A read from a pipe holds on to its thread: so no virtual one.
                    config -> config.withThreadFactory(Thread.ofPlatform().factory()),
                    group -> {
                        Task<String> output = group.fork("output", () -> read(process));
                        try {
                            int code = process.waitFor();
                            return new Result(code, output.await());
                        } finally {
                            CancelScope.shield(() -> stop(process, grace));
                        }
                    });
        } finally {
            process.destroyForcibly(); // where the block did not get as far as its own clean-up
        }
    }

    private static String read(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void stop(Process process, Duration grace) throws InterruptedException {
        // By its handle: Process.destroy would also close the stream that is being read.
        process.toHandle().destroy();
        if (!process.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS)) {
            process.toHandle().destroyForcibly();
            process.waitFor();
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(run(Duration.ofSeconds(5), List.of("echo", "hello")));
    }
}
