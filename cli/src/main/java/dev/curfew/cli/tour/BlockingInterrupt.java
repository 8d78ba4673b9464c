package dev.curfew.cli.tour;

import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@code interrupt()} blocks its caller while a virtual thread reads from a pipe. */
final class BlockingInterrupt implements Scene {
    private final String mkfifo;

    BlockingInterrupt() {
        this("mkfifo");
    }

    /**
     * @param mkfifo the command that makes a named pipe
     */
    BlockingInterrupt(String mkfifo) {
        this.mkfifo = mkfifo;
    }

    @Override
    public String name() {
        return "blocking-interrupt";
    }

    @Override
    public String title() {
        return "Ask a virtual thread to stop that reads from a pipe";
    }

    @Override
    public String javaCode() {
        return """
        reader.interrupt();
        """;
    }

    @Override
    public String curfewCode() {
        return """
        reader.cancel();
        """;
    }

    @Override
    public Optional<String> obstacle() {
        try {
            Pipe.make(new Stage(Duration.ZERO), mkfifo).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "it needs a named pipe, and none could be made here ("
                            + String.valueOf(e.getMessage()).strip()
                            + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the tour was interrupted");
        }
    }

    @Override
    public void java(Stage stage) throws Exception {
        try (Pipe pipe = Pipe.make(stage, mkfifo)) {
            Thread reader =
                    Thread.startVirtualThread(() -> {
                        try {
                            pipe.read();
                        } catch (IOException e) {
                            // the interrupt closed its channel
                        }
                    });
            pipe.awaitReading();
            stage.saw("caller", "asks the reader to stop");
            // @start region="java"
            reader.interrupt();
            // @end
            stage.saw("caller", "is back");
        }
    }

    @Override
    public void curfew(Stage stage) throws Exception {
        try (Pipe pipe = Pipe.make(stage, mkfifo)) {
            TaskGroup.run(group -> {
                Task<?> reader =
                        group.fork(() -> {
                            pipe.read();
                            return null;
                        });
                pipe.awaitReading();
                stage.saw("caller", "asks the reader to stop");
                // @start region="curfew"
                reader.cancel();
                // @end
                stage.saw("caller", "is back");
            });
        }
    }

    @Override
    public Verdict judge(Trace trace) {
        boolean free = trace.ordered("caller", "is back", "writer", "writes");
        String asked = trace.between("caller", "asks the reader to stop", "caller", "is back");
        if (free) {
            return new Verdict(
                    true,
                    "The caller was back after "
                            + asked
                            + (trace.has("reader", "ends")
                                    ? "; the read, which nothing can stop, ended "
                                            + trace.between("caller", "is back", "reader", "ends")
                                            + " later, and so did its task."
                                    : "."));
        }
        return new Verdict(
                false,
                trace.has("caller", "is back")
                        ? "Asking blocked the caller for "
                                + asked
                                + ": until there was something to read."
                        : "Asking blocked the caller for good.");
    }
}
