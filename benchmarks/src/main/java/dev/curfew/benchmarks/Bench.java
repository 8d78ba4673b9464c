package dev.curfew.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command: chooses what is run, has it run in JVMs of its own, and prints it. */
@Command(
        name = "bench",
        usageHelpAutoWidth = true,
        description = {
            "Measures Curfew against bare virtual threads and its peers.",
            "Exits with 1 if a goal that must be reached is missed, three times in the median."
        })
final class Bench implements Callable<Integer> {
    static final String CURFEW = "curfew";

    @Parameters(
            arity = "0..*",
            paramLabel = "WORKLOAD",
            description = "W1 to W11; all unless given.")
    private List<String> workloads = List.of();

    @Option(
            names = "--gate",
            description =
                    "The goals alone, against bare threads, StructuredTaskScope and Kotlin; no W9."
                            + " Less than 10 minutes.")
    private boolean gate;

    @Option(names = "--quick", description = "Three loose goals, in less than a minute.")
    private boolean quick;

    @Option(
            names = "--regime",
            paramLabel = "NAME",
            description = "default or P1 (one carrier thread); both unless given.")
    private List<String> regimes = List.of("default", "P1");

    @Option(
            names = "--contenders",
            split = ",",
            paramLabel = "NAME",
            description = "Who runs; raw is always among them.")
    private List<String> chosen = List.of();

    @Option(
            names = "--warm-up",
            paramLabel = "MS",
            description = "Milliseconds before a JVM measures; ${DEFAULT-VALUE} unless given.",
            defaultValue = "8000")
    private long warmUp;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of each case; ${DEFAULT-VALUE} unless given.",
            defaultValue = "31")
    private int rounds;

    @Option(names = "--goals", hidden = true, required = true)
    private Path goals;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and end.")
    private boolean help;

    private final Map<String, Map<String, Rounds>> results = new LinkedHashMap<>();

    private Bench() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof IllegalArgumentException || e instanceof IOException) {
                command.getErr().println("bench: " + e.getMessage());
                return 2;
            }
            throw e;
        });
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (quick) {
            rounds = Math.min(rounds, 15);
            warmUp = Math.min(warmUp, 5_000);
            regimes = List.of("default");
        }
        List<Workload> selected = selected();
        List<String> contenders = contenders();
        List<Goal> all =
                Goal.read(goals.resolve(quick ? "goals-quick.tsv" : "goals.tsv")).stream()
                        .filter(goal -> selected.contains(goal.which().workload()))
                        .filter(goal -> regimes.contains(goal.regime()))
                        .toList();
        Asyncio asyncio = gate || quick || !chosen.isEmpty() ? null : new Asyncio(goals);
        Machine.print(System.out, contenders, asyncio);
        int missed = 0;
        for (String regime : regimes) {
            for (List<Workload> together : Workload.together()) {
                List<Workload> group = together.stream().filter(selected::contains).toList();
                if (!group.isEmpty()) {
                    missed += run(group, regime, contenders, all, asyncio);
                }
            }
        }
        if (!gate && !quick) {
            List<String> columns = new ArrayList<>(contenders);
            if (asyncio != null && asyncio.missing() == null) {
                columns.add(Asyncio.NAME);
            }
            Table.print(System.out, results, columns);
        }
        System.out.println(
                missed == 0
                        ? "all goals that must be reached are"
                        : missed + " goals that must be reached are MISSED");
        return missed == 0 ? 0 : 1;
    }

    private List<Workload> selected() {
        List<Workload> selected = new ArrayList<>();
        for (String name : workloads) {
            List<Workload> found = Workload.named(name);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        "there is no workload " + name + "; there are W1 to W11");
            }
            selected.addAll(found);
        }
        if (workloads.isEmpty()) {
            selected.addAll(quick ? List.of(Workload.W1, Workload.W3) : List.of(Workload.values()));
            if (gate) {
                selected.removeIf(Workload::isGrowth);
            }
        }
        return selected;
    }

    private List<String> contenders() {
        List<String> names = new ArrayList<>(chosen);
        if (names.isEmpty()) {
            names.addAll(gate || quick ? Contenders.ofGate() : Contenders.names());
        }
        names.remove("raw");
        names.addFirst("raw");
        return names;
    }

    /** Measures a group, again where a goal is missed; returns how many are missed in the end. */
    private int run(
            List<Workload> group,
            String regime,
            List<String> contenders,
            List<Goal> goals,
            @Nullable Asyncio asyncio)
            throws Exception {
        List<Goal> open =
                goals.stream()
                        .filter(goal -> group.contains(goal.which().workload()))
                        .filter(goal -> goal.regime().equals(regime))
                        .toList();
        Map<Goal, List<Double>> attempts = new LinkedHashMap<>();
        for (int attempt = 1; ; attempt++) {
            Map<String, Rounds> measured =
                    Forked.measure(group, regime, contenders, warmUp, rounds);
            if (attempt == 1) {
                results.put(regime + " " + group, measured);
                if (asyncio != null && asyncio.missing() == null && regime.equals("default")) {
                    asyncio.add(measured, group, rounds);
                }
            }
            List<Goal> again = new ArrayList<>();
            for (Goal goal : open) {
                Rounds.Spread spread = goal.measured(CURFEW, measured);
                if (spread == null) {
                    continue;
                }
                List<Double> seen = attempts.computeIfAbsent(goal, g -> new ArrayList<>());
                seen.add(spread.median());
                boolean ok = Double.isNaN(goal.must()) || spread.median() <= goal.must();
                System.out.println(
                        (attempt > 1 ? "  attempt " + attempt + ": " : "") + goal.line(spread, ok));
                if (attempt == 1 ? !ok : !decided(goal, seen)) {
                    again.add(goal);
                }
            }
            if (again.isEmpty()) {
                break;
            }
            open = again;
        }
        return (int)
                attempts.entrySet().stream()
                        .filter(e -> !reached(e.getKey(), e.getValue()))
                        .count();
    }

    /** One that was missed is measured three times; the median counts. */
    private static boolean decided(Goal goal, List<Double> seen) {
        return seen.size() >= 3 || Double.isNaN(goal.must());
    }

    private static boolean reached(Goal goal, List<Double> seen) {
        if (Double.isNaN(goal.must())) {
            return true;
        }
        List<Double> sorted = seen.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2) <= goal.must();
    }
}
