package dev.curfew.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A JVM of its own with the tests' class path, whose end can be looked at. */
public final class Jvm implements AutoCloseable {
    private static final long LIMIT_SECONDS = 40;

    /** How it ended, and what it printed. */
    public record End(int code, List<String> out, String err) {}

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final CompletableFuture<List<String>> out;
    private final CompletableFuture<String> err;

    private Jvm(Process process, boolean readErr) {
        this.process = process;
        this.out = CompletableFuture.supplyAsync(this::readOut, task -> start(task, process));
        this.err =
                readErr
                        ? CompletableFuture.supplyAsync(
                                () -> readErr(process), task -> start(task, process))
                        : CompletableFuture.completedFuture("");
    }

    private static void start(Runnable task, Process process) {
        Thread.ofPlatform().daemon().name("output of " + process.pid()).start(task);
    }

    /** Starts a class's main. */
    public static Jvm start(Class<?> program, String... args) throws IOException {
        return startWith(List.of(), program, args);
    }

    /** The same, with options for the JVM. */
    public static Jvm startWith(List<String> options, Class<?> program, String... args)
            throws IOException {
        return new Jvm(process(options, program, args), true);
    }

    /** The same, with nobody reading what it writes to its standard error. */
    public static Jvm startWithUnreadErr(Class<?> program, String... args) throws IOException {
        return new Jvm(process(List.of(), program, args), false);
    }

    private static Process process(List<String> options, Class<?> program, String... args)
            throws IOException {
        List<String> command = new ArrayList<>();
        // A build in the background (nohup, a job of a script) has its children ignore these.
        command.addAll(List.of("env", "--default-signal=HUP,INT"));
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    private List<String> readOut() {
        List<String> all = new ArrayList<>();
        try (BufferedReader reader = reader(process.getInputStream())) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                all.add(line);
                lines.add(line);
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readErr(Process process) {
        try (InputStream in = process.getErrorStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** Waits until it has printed this line on its standard output. */
    public Jvm awaitLine(String expected) throws InterruptedException {
        List<String> before = new ArrayList<>();
        if (!awaitLine(expected::equals, before)) {
            throw new AssertionError("no line " + expected + ", only " + before);
        }
        return this;
    }

    /** Waits until it has printed a line with all these words. */
    public Jvm awaitLineWith(String... words) throws InterruptedException {
        List<String> before = new ArrayList<>();
        if (!awaitLine(line -> Stream.of(words).allMatch(line::contains), before)) {
            List<String> near = before.stream().filter(line -> line.contains(words[0])).toList();
            throw new AssertionError("no line with " + List.of(words) + ", only " + near);
        }
        return this;
    }

    private boolean awaitLine(Predicate<String> expected, List<String> before)
            throws InterruptedException {
        for (; ; ) {
            String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                return false;
            }
            if (expected.test(line)) {
                return true;
            }
            before.add(line);
        }
    }

    /** Sends a signal, such as TERM. */
    public Jvm signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill failed");
        }
        return this;
    }

    /** Waits for its end. */
    public End end() throws Exception {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the JVM does not end");
        }
        return new End(
                process.exitValue(),
                out.get(LIMIT_SECONDS, TimeUnit.SECONDS),
                err.get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
