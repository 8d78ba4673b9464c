package dev.curfew.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The figures of one case and statistic: for each contender one for each round. */
final class Rounds {
    /** A median with its quartiles. */
    record Spread(double low, double median, double high) {
        static Spread of(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Spread(
                    quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
        }

        private static double quantile(double[] sorted, double share) {
            double at = share * (sorted.length - 1);
            int below = (int) at;
            int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
        }
    }

    private final SequencedMap<String, double[]> figures = new LinkedHashMap<>();

    void put(String contender, double[] values) {
        figures.put(contender, values);
    }

    Set<String> contenders() {
        return figures.keySet();
    }

    Map<String, double[]> figures() {
        return figures;
    }

    /** The figure itself, or null if the contender was not measured. */
    @Nullable Spread of(String contender) {
        double[] values = figures.get(contender);
        return values == null ? null : Spread.of(values);
    }

    /** Round by round against another contender; null if one was not measured. */
    @Nullable Spread ratio(String contender, String against) {
        return combine(contender, against, (a, b) -> a / b);
    }

    @Nullable Spread difference(String contender, String against) {
        return combine(contender, against, (a, b) -> a - b);
    }

    private interface Combine {
        double apply(double a, double b);
    }

    private @Nullable Spread combine(String contender, String against, Combine combine) {
        double[] a = figures.get(contender);
        double[] b = figures.get(against);
        if (a == null || b == null) {
            return null;
        }
        if (contender.equals(Asyncio.NAME) || against.equals(Asyncio.NAME)) {
            return apart(Spread.of(a), Spread.of(b), combine);
        }
        double[] combined = new double[Math.min(a.length, b.length)];
        for (int i = 0; i < combined.length; i++) {
            combined[i] = combine.apply(a[i], b[i]);
        }
        return Spread.of(combined);
    }

    /** One of them ran apart: there is nothing to say about single rounds. */
    private static Spread apart(Spread a, Spread b, Combine combine) {
        return new Spread(
                combine.apply(a.low(), b.high()),
                combine.apply(a.median(), b.median()),
                combine.apply(a.high(), b.low()));
    }
}
