package dev.curfew.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Measures in a JVM of its own. */
final class Forked {
    private Forked() {}

    static Map<String, Rounds> measure(
            List<Workload> workloads,
            String regime,
            List<String> contenders,
            long warmUp,
            int rounds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options(workloads, regime));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Child.class.getName());
        command.add(Long.toString(warmUp));
        command.add(Integer.toString(rounds));
        command.add(workloads.stream().map(Enum::name).collect(Collectors.joining(",")));
        command.add(String.join(";", contenders));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Map<String, Rounds> results = new LinkedHashMap<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] f = line.split("\t");
                if (f[0].equals("FIGURES")) {
                    double[] values = new double[f.length - 3];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = Double.parseDouble(f[i + 3]);
                    }
                    results.computeIfAbsent(f[1], key -> new Rounds()).put(f[2], values);
                } else {
                    System.err.println(line);
                }
            }
        } finally {
            process.destroy();
        }
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(
                    "the JVM that measured " + workloads + " ended with " + code + ", see above");
        }
        return results;
    }

    /** A heap whose pages are there: who allocates more would pay for each page's first touch. */
    private static List<String> heap(List<Workload> workloads) {
        String size = workloads.stream().anyMatch(Workload::isGrowth) ? "8g" : "1g";
        return List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
    }

    static List<String> options(List<Workload> workloads, String regime) {
        List<String> options = new ArrayList<>(List.of("--enable-preview"));
        options.addAll(heap(workloads));
        if (regime.equals("P1")) {
            options.add("-Djdk.virtualThreadScheduler.parallelism=1");
        } else if (!regime.equals("default")) {
            throw new IllegalArgumentException(
                    "there is no regime " + regime + "; there are default and P1");
        }
        return options;
    }
}
