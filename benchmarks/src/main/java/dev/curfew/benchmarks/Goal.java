package dev.curfew.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code goals.tsv}: what Curfew's figure must not exceed.
 *
 * @param which the case
 * @param regime {@code default} or {@code P1}
 * @param statistic {@code ns}, {@code p50}, {@code p99} or {@code bytes}
 * @param against a contender; {@code absolute}; {@code beyond raw}, the difference to it; or {@code
 *     N=100}, the growth from there
 * @param must the bound, or NaN if there is none
 * @param aim the aim, or NaN
 */
record Goal(Case which, String regime, String statistic, String against, double must, double aim) {

    static List<Goal> read(Path file) throws IOException {
        List<Goal> goals = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] f = line.split("\t");
            goals.add(
                    new Goal(
                            new Case(Workload.valueOf(f[0]), Integer.parseInt(f[1])),
                            f[2],
                            f[3],
                            f[4],
                            number(f[5]),
                            number(f[6])));
        }
        return goals;
    }

    private static double number(String text) {
        return text.equals("-") ? Double.NaN : Double.parseDouble(text);
    }

    String key() {
        return which + " " + statistic;
    }

    /** What was measured for this goal, or null if it was not. */
    Rounds.@Nullable Spread measured(String contender, Map<String, Rounds> results) {
        Rounds rounds = results.get(key());
        if (rounds == null) {
            return null;
        }
        return switch (against) {
            case "absolute" -> rounds.of(contender);
            case "beyond raw" -> rounds.difference(contender, "raw");
            case "N=100" -> growth(contender, rounds, results);
            default -> rounds.ratio(contender, against);
        };
    }

    private Rounds.@Nullable Spread growth(
            String contender, Rounds rounds, Map<String, Rounds> results) {
        Rounds small = results.get(new Case(which.workload(), 100) + " " + statistic);
        Rounds.Spread from = small == null ? null : small.of(contender);
        Rounds.Spread to = rounds.of(contender);
        return from == null || to == null
                ? null
                : new Rounds.Spread(
                        to.low() / from.median(),
                        to.median() / from.median(),
                        to.high() / from.median());
    }

    /** A line as in {@code W1 N=1000 P1 vs raw 1.12 [1.08 1.19] (must 1.35) ok}. */
    String line(Rounds.Spread measured, boolean reached) {
        String what = statistic.equals("ns") ? "" : " " + statistic;
        String how =
                switch (against) {
                    case "absolute" -> "";
                    case "beyond raw" -> " beyond raw";
                    case "N=100" -> " growth from N=100";
                    default -> " vs " + against;
                };
        String verdict =
                Double.isNaN(must)
                        ? measured.median() <= aim ? "aim reached" : "aim not reached"
                        : reached ? "ok" : "MISSED";
        return which
                + " "
                + regime
                + what
                + how
                + " "
                + number(measured.median())
                + " ["
                + number(measured.low())
                + " "
                + number(measured.high())
                + "] ("
                + (Double.isNaN(must) ? "aim " + plain(aim) : "must " + plain(must))
                + ") "
                + verdict;
    }

    private String number(double v) {
        return String.format(Locale.ROOT, Math.abs(v) >= 20 ? "%.0f" : "%.2f", v);
    }

    private static String plain(double v) {
        return v == Math.rint(v)
                ? String.valueOf((long) v)
                : String.format(Locale.ROOT, "%.3f", v).replaceAll("0+$", "");
    }
}
