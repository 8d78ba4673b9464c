package dev.curfew.cli.tour;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A named pipe with a reader that waits for a byte, and a writer that takes its time. */
final class Pipe implements AutoCloseable {
    private final Stage stage;
    private final Path fifo;
    private final FileChannel channel;
    private final CompletableFuture<Thread> reader = new CompletableFuture<>();
    private @Nullable Thread writer;

    private Pipe(Stage stage, Path fifo) throws IOException {
        this.stage = stage;
        this.fifo = fifo;
        this.channel = open(fifo);
    }

    /**
     * @param mkfifo the command that makes one
     */
    static Pipe make(Stage stage, String mkfifo) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("curfew-tour");
        Path fifo = directory.resolve("fifo");
        try {
            int code =
                    new ProcessBuilder(mkfifo, fifo.toString())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new IOException(mkfifo + " ended with " + code);
            }
            return new Pipe(stage, fifo);
        } catch (IOException | InterruptedException e) {
            delete(fifo);
            throw e;
        }
    }

    /** Both ways, so that neither end has to wait for the other to be opened. */
    private static FileChannel open(Path fifo) throws IOException {
        return FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static void delete(Path fifo) throws IOException {
        Files.deleteIfExists(fifo);
        Files.deleteIfExists(fifo.getParent());
    }

    void read() throws IOException {
        stage.saw("reader", "reads");
        reader.complete(Thread.currentThread());
        try {
            channel.read(ByteBuffer.allocate(1));
        } finally {
            stage.saw("reader", "ends");
        }
    }

    /** Returns once the reader waits for its byte, which the writer will write in a while. */
    void awaitReading() throws Exception {
        Stage.awaitIn(reader.get(30, TimeUnit.SECONDS), "read0");
        writer =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            stage.takeTime();
                            stage.saw("writer", "writes");
                            try (FileChannel end = open(fifo)) {
                                end.write(ByteBuffer.wrap(new byte[1]));
                            } catch (IOException e) {
                                stage.saw("writer", "fails: " + e.getMessage());
                            }
                        });
    }

    @Override
    public void close() throws IOException {
        try {
            if (writer != null) {
                Stage.awaitEnd(writer);
            }
            if (reader.isDone()) {
                Stage.awaitEnd(reader.join());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
        delete(fifo);
    }
}
