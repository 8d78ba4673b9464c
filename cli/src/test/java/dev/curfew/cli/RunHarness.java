package dev.curfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command as a process of its own, and looks for anything that it left behind. */
abstract class RunHarness {
    private static final String MARK = "CURFEW_TEST_MARK";

    @TempDir Path directory;

    private final String mark = UUID.randomUUID().toString();

    record Result(int code, String out, String err, Duration took) {}

    final Process start(String... args) throws IOException {
        return start(Main.class, Map.of(), args);
    }

    final Process start(Class<?> main, Map<String, String> environment, String... args)
            throws IOException {
        List<String> command = new ArrayList<>();
        // A build in the background (nohup, a job of a script) has its children ignore these.
        command.addAll(List.of("env", "--default-signal=HUP,INT"));
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        "run"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("NO_COLOR");
        builder.environment().putAll(environment);
        builder.environment().put(MARK, mark);
        builder.redirectOutput(directory.resolve("out").toFile());
        builder.redirectError(directory.resolve("err").toFile());
        return builder.start();
    }

    final Result end(Process process, long started) throws Exception {
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(leftBehind()).isEmpty();
        return new Result(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")),
                Duration.ofNanos(System.nanoTime() - started));
    }

    final Result run(String... args) throws Exception {
        long started = System.nanoTime();
        return end(start(args), started);
    }

    private List<String> leftBehind() throws IOException {
        List<String> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path p : all) {
                try {
                    String environment =
                            Files.readString(p.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (environment.contains(MARK + "=" + mark)) {
                        found.add(p + " " + Files.readString(p.resolve("stat")));
                    }
                } catch (IOException gone) {
                    // has ended
                }
            }
        }
        return found;
    }

    final void awaitOutput(String text) throws IOException {
        await("out", text);
    }

    final void awaitError(String text) throws IOException {
        await("err", text);
    }

    private void await(String file, String text) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.readString(directory.resolve(file)).contains(text)) {
            assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    static void signal(Process process, String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }
}
