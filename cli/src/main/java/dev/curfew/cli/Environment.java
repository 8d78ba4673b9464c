package dev.curfew.cli;

import dev.curfew.cli.text.Printable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The commands' environment: ours, then the files' lines, then what the command line says. */
final class Environment {
    private Environment() {}

    static Map<String, String> of(List<Path> files, List<String> assignments)
            throws UsageException {
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.remove(ProcTable.MARK);
        for (Path file : files) {
            for (Lines.Line line : Lines.of(file)) {
                add(all, line.text(), line.place() + ": ");
            }
        }
        for (String assignment : assignments) {
            add(all, assignment, "--env: ");
        }
        return all;
    }

    private static void add(Map<String, String> all, String assignment, String place)
            throws UsageException {
        int equals = assignment.indexOf('=');
        String name = equals < 0 ? "" : assignment.substring(0, equals).strip();
        if (name.isEmpty() || assignment.indexOf('\0') >= 0) {
            throw new UsageException(
                    place + "'" + Printable.of(assignment, 60) + "' is no NAME=VALUE");
        }
        if (name.equals(ProcTable.MARK)) {
            throw new UsageException(
                    place + ProcTable.MARK + " is set by run itself, to know what it started");
        }
        all.put(name, assignment.substring(equals + 1));
    }
}
