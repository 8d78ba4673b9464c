package dev.curfew.cli;

import java.util.List;

/** The table at the end. */
final class Summary {
    private static final List<String> HEAD =
            List.of(
                    "command",
                    "outcome",
                    "exit",
                    "took",
                    "stopped in",
                    "because of",
                    "left behind");

    private static final int OUTCOME = HEAD.indexOf("outcome");

    private Summary() {}

    static String of(List<CommandTask> commands, Colours colours) {
        List<List<String>> rows =
                commands.stream()
                        .map(c ->
                                List.of(
                                        Printable.of(c.name(), 40),
                                        c.outcome(),
                                        c.code(),
                                        c.duration(),
                                        c.stopping(),
                                        Printable.of(c.why()),
                                        Printable.of(c.left())))
                        .toList();
        StringBuilder table = new StringBuilder();
        line(table, HEAD, rows, Colours.OFF);
        rows.forEach(row -> line(table, row, rows, colours));
        return table.toString();
    }

    /** The last columns are left out where no row has anything in them. */
    private static void line(
            StringBuilder table, List<String> row, List<List<String>> rows, Colours colours) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < HEAD.size(); i++) {
            int column = i;
            if (rows.stream().allMatch(r -> r.get(column).isEmpty())) {
                continue;
            }
            int width =
                    Math.max(
                            HEAD.get(i).length(),
                            rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0));
            String cell = row.get(i);
            line.append(i == OUTCOME ? colours.outcome(cell, cell) : cell)
                    .append(" ".repeat(width - cell.length() + 2));
        }
        table.append(line.toString().stripTrailing()).append('\n');
    }
}
