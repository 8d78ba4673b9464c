package dev.curfew.examples;

import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Reads many files, so many at a time, on platform threads: a virtual thread that reads a file
 * holds on to its carrier.
 */
public final class ReadFiles {
    private ReadFiles() {}

    /** Counts the lines of each file. */
    public static Map<Path, Long> lines(List<Path> files, int limit)
            throws IOException, InterruptedException {
        Semaphore free = new Semaphore(limit);
        try {
            return TaskGroup.call(
                    config ->
                            config.withName("read")
                                    .withThreadFactory(Thread.ofPlatform().factory()),
                    group -> {
                        Map<Path, Task<Long>> tasks = new LinkedHashMap<>();
                        for (Path file : files) {
                            free.acquire();
                            Task<Long> task = group.fork(() -> count(file));
                            task.onEnd(_ -> free.release());
                            tasks.put(file, task);
                        }
                        Map<Path, Long> lines = new LinkedHashMap<>();
                        for (var entry : tasks.entrySet()) {
                            lines.put(entry.getKey(), entry.getValue().await());
                        }
                        return lines;
                    });
        } catch (TaskFailedException e) {
            e.rethrow(IOException.class);
            throw e;
        }
    }

    private static long count(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    public static void main(String[] args) throws Exception {
        Path file = Files.createTempFile("curfew", ".txt");
        try {
            Files.writeString(file, "one\ntwo\n");
            System.out.println(lines(List.of(file), 4).get(file) + " lines");
        } finally {
            Files.delete(file);
        }
    }
}
