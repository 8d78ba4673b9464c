package dev.curfew.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The JVM that measures: {@code Child <warm-up ms> <rounds> <workloads> <contenders>}, the last two
 * separated by commas and semicolons. Prints a line for each case, statistic and contender, with a
 * figure for each round, separated by tabs.
 */
final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
        List<Workload> workloads = new ArrayList<>();
        for (String name : args[2].split(",")) {
            workloads.add(Workload.valueOf(name));
        }
        List<Contender> contenders = Contenders.of(List.of(args[3].split(";")));
        Measurement measurement = new Measurement(workloads, contenders, Integer.parseInt(args[1]));
        Map<String, Rounds> results = measurement.run(Long.parseLong(args[0]));
        StringBuilder out = new StringBuilder();
        results.forEach((key, rounds) ->
                rounds.figures()
                        .forEach((contender, values) -> {
                            out.append("FIGURES\t").append(key);
                            out.append('\t').append(contender);
                            for (double v : values) {
                                out.append('\t').append(String.format(Locale.ROOT, "%.3f", v));
                            }
                            out.append('\n');
                        }));
        System.out.print(out);
        System.out.flush();
        System.exit(0);
    }
}
