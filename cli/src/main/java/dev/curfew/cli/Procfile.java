package dev.curfew.cli;

import dev.curfew.cli.text.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands in the format of foreman's Procfile: {@code name: command}, one a line. */
final class Procfile {
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_-]+):\\s*(.+)");

    private Procfile() {}

    static List<Plan.Line> read(Path file) throws UsageException {
        List<Plan.Line> commands = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        for (Lines.Line line : Lines.of(file)) {
            Matcher m = LINE.matcher(line.text());
            if (!m.matches()) {
                throw new UsageException(
                        line.place()
                                + ": '"
                                + Printable.of(line.text(), 60)
                                + "' is no 'name: command', with a name of letters, digits, _ and -");
            }
            Integer earlier = taken.putIfAbsent(m.group(1), line.number());
            if (earlier != null) {
                throw new UsageException(
                        line.place()
                                + ": the name "
                                + m.group(1)
                                + " is taken by line "
                                + earlier
                                + "; choose another");
            }
            commands.add(new Plan.Line(m.group(1), m.group(2)));
        }
        if (commands.isEmpty()) {
            throw new UsageException(file + " has no command; write lines like 'web: ./serve'");
        }
        return commands;
    }
}
