package dev.curfew.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What {@code /proc} says of our descendants, at one moment. */
final class ProcTable {
    /** The environment variable by which a process is told whose descendant it is. */
    static final String MARK = "CURFEW_RUN";

    private ProcTable() {}

    /** A process that has not ended. */
    record Entry(int pid, int parent, boolean zombie, String command) {}

    /** All descendants of this process that have not ended. */
    static List<Entry> descendants() {
        Map<Integer, List<Entry>> children = new HashMap<>();
        for (Entry e : all()) {
            children.computeIfAbsent(e.parent, _ -> new ArrayList<>()).add(e);
        }
        List<Entry> found = new ArrayList<>();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add((int) ProcessHandle.current().pid());
        while (!open.isEmpty()) {
            for (Entry e : children.getOrDefault(open.poll(), List.of())) {
                open.add(e.pid);
                if (!e.zombie) {
                    found.add(e);
                }
            }
        }
        return found;
    }

    private static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path p : processes) {
                Entry e = entry(p);
                if (e != null) {
                    entries.add(e);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("/proc cannot be read: " + e.getMessage(), e);
        }
        return entries;
    }

    private static Entry entry(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            int open = stat.indexOf('(');
            int close = stat.lastIndexOf(')');
            String[] rest = stat.substring(close + 2).split(" ");
            return new Entry(
                    Integer.parseInt(process.getFileName().toString()),
                    Integer.parseInt(rest[1]),
                    rest[0].equals("Z") || rest[0].equals("X"),
                    stat.substring(open + 1, close));
        } catch (IOException | RuntimeException gone) {
            return null;
        }
    }

    /** Which command of the run that has this mark the process descends from, if it says. */
    static OptionalInt commandOf(Entry entry, String run) {
        try {
            String prefix = MARK + "=" + run + ":";
            String all =
                    Files.readString(
                            Path.of("/proc", Integer.toString(entry.pid), "environ"),
                            StandardCharsets.ISO_8859_1);
            for (String variable : all.split("\0")) {
                if (variable.startsWith(prefix)) {
                    return OptionalInt.of(Integer.parseInt(variable.substring(prefix.length())));
                }
            }
        } catch (IOException | RuntimeException gone) {
            // It has ended, or hides its environment.
        }
        return OptionalInt.empty();
    }
}
