package dev.curfew.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs asyncio's script: apart from the others, so its rounds are not theirs. */
final class Asyncio {
    static final String NAME = "asyncio";

    private static final Set<Workload> KNOWN =
            EnumSet.of(
                    Workload.W1,
                    Workload.W2,
                    Workload.W3,
                    Workload.W4,
                    Workload.W6,
                    Workload.W7,
                    Workload.W10);

    private final Path script;

    /** Why it can't be had, or null. */
    private final @Nullable String missing;

    Asyncio(Path benchmarks) {
        this.script = benchmarks.resolve("asyncio").resolve("work.py");
        this.missing = probe();
    }

    @Nullable String missing() {
        return missing;
    }

    private static @Nullable String probe() {
        try {
            String[] version = run("-c", "import sys; print(*sys.version_info[:2])").split(" ");
            int minor = Integer.parseInt(version[1].strip());
            return version[0].equals("3") && minor >= 11
                    ? null
                    : "python3 is older than 3.11, which brought its TaskGroup";
        } catch (IOException e) {
            return "no python3 that works was found";
        }
    }

    /** Measures the cases of {@code workloads} that it knows, and adds them. */
    void add(Map<String, Rounds> results, List<Workload> workloads, int rounds) throws IOException {
        for (Workload workload : workloads) {
            if (KNOWN.contains(workload)) {
                for (Case which : workload.cases()) {
                    String statistic = workload == Workload.W6 ? "p50" : "ns";
                    String line =
                            run(
                                    script.toString(),
                                    workload.name(),
                                    Integer.toString(which.n()),
                                    Integer.toString(rounds));
                    double[] values =
                            Arrays.stream(line.strip().split("\t"))
                                    .mapToDouble(Double::parseDouble)
                                    .toArray();
                    results.computeIfAbsent(which + " " + statistic, key -> new Rounds())
                            .put(NAME, values);
                }
            }
        }
    }

    private static String run(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "python3";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("python3 ended with " + process.exitValue());
            }
            return out;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while python3 ran", e);
        } finally {
            process.destroy();
        }
    }
}
