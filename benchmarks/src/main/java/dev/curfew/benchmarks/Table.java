package dev.curfew.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All figures of a run: raw's own, the others' as ratios to it with their quartiles. */
final class Table {
    private Table() {}

    static void print(
            PrintStream out, Map<String, Map<String, Rounds>> results, List<String> contenders) {
        out.println();
        out.println("| case | " + String.join(" | ", contenders) + " |");
        out.println("|---".repeat(contenders.size() + 1) + "|");
        results.forEach((group, cases) -> {
            String regime = group.substring(0, group.indexOf(' '));
            cases.forEach((key, rounds) -> row(out, regime + " " + key, rounds, contenders));
        });
        out.println();
    }

    private static void row(PrintStream out, String title, Rounds rounds, List<String> contenders) {
        StringBuilder line = new StringBuilder("| ").append(title);
        for (String contender : contenders) {
            Rounds.Spread own = rounds.of(contender);
            Rounds.Spread ratio = rounds.ratio(contender, "raw");
            line.append(" | ");
            if (own == null) {
                line.append("-");
            } else if (contender.equals("raw") || ratio == null) {
                line.append(String.format(Locale.ROOT, "%.0f", own.median()));
            } else {
                line.append(
                        String.format(
                                Locale.ROOT,
                                "%.2f [%.2f %.2f]",
                                ratio.median(),
                                ratio.low(),
                                ratio.high()));
            }
        }
        out.println(line.append(" |"));
    }
}
