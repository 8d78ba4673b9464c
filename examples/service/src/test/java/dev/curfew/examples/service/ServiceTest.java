package dev.curfew.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own. */
@Timeout(120)
class ServiceTest {
    @TempDir Path directory;
    private Process process;
    private BufferedReader out;
    private String address;

    private void start() throws IOException {
        process =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "0")
                        .redirectError(directory.resolve("log").toFile())
                        .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        assertThat(line).startsWith("listening on ");
        address = line.substring("listening on ".length());
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address + path))
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void itTakesOrdersAndStopsWhenItIsAskedTo() throws Exception {
        start();
        HttpResponse<String> order = get("/orders?lamp");
        assertThat(order.statusCode()).isEqualTo(200);
        assertThat(order.body()).isEqualTo("order 1\n");
        assertThat(get("/orders").statusCode()).isEqualTo(400);
        process.toHandle().destroy(); // SIGTERM; Process.destroy() would close its output
        assertThat(out.readLine()).isEqualTo("stopping");
        assertThat(out.readLine()).isEqualTo("stopped");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    void whatMisbehavesIsNamedInTheLog() throws Exception {
        start();
        assertThat(get("/misbehave?lock").body()).startsWith("task ");
        assertThat(get("/misbehave?nonsense").statusCode()).isEqualTo(400);
        process.toHandle().destroy();
        assertThat(out.readLine()).isEqualTo("stopping");
        Path log = directory.resolve("log");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.readString(log).contains("workers/export-lock") && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(Files.readString(log))
                .contains(
                        "stuck: task workers/export-lock [",
                        "] was asked to stop",
                        "Misbehaving",
                        "what to do: it waits in join()");
        assertThat(process.isAlive()).isTrue();
    }
}
