package dev.curfew.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures some cases in this JVM: warms all of them up, then each in rounds. In a round every
 * contender has one slice; who comes first changes from round to round.
 */
final class Measurement {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** One contender in one case, and how often a slice does it. */
    private static final class Entry {
        final Case which;
        final Contender contender;
        final Operation operation;
        int times = 1;

        Entry(Case which, Contender contender, Operation operation) {
            this.which = which;
            this.contender = contender;
            this.operation = operation;
        }
    }

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Samples samples = new Samples();
    private final Map<Case, List<Entry>> cases = new LinkedHashMap<>();
    private final SequencedMap<String, Rounds> results = new LinkedHashMap<>();
    private final List<Contender> contenders;
    private final int rounds;

    Measurement(List<Workload> workloads, List<Contender> contenders, int rounds) {
        this.contenders = contenders;
        this.rounds = rounds;
        for (Workload workload : workloads) {
            for (Case which : workload.cases()) {
                List<Entry> entries = new ArrayList<>();
                for (Contender contender : contenders) {
                    Operation operation = workload.operation(contender, which.n());
                    if (operation != null) {
                        entries.add(new Entry(which, contender, operation));
                    }
                }
                cases.put(which, entries);
            }
        }
    }

    /** Figures by case and statistic. */
    SequencedMap<String, Rounds> run(long warmUpMillis) throws Exception {
        warmUp(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(warmUpMillis));
        for (Map.Entry<Case, List<Entry>> e : cases.entrySet()) {
            Case which = e.getKey();
            if (which.workload().unit() == Workload.Unit.HEAP) {
                heap(which);
            } else {
                measure(which, e.getValue());
            }
        }
        return results;
    }

    private void warmUp(long until) throws Exception {
        do {
            for (List<Entry> entries : cases.values()) {
                for (Entry entry : entries) {
                    if (which(entry).workload().isGrowth() && entry.times == 1) {
                        // Calibrated below; the largest takes seconds, and is warmed by the others.
                        if (which(entry).n() > 10_000) {
                            continue;
                        }
                    }
                    slice(entry);
                }
            }
        } while (System.nanoTime() < until);
    }

    private static Case which(Entry entry) {
        return entry.which;
    }

    /** One slice; adapts how often the next does it. */
    private long slice(Entry entry) throws Exception {
        samples.clear();
        int times = entry.times;
        long nanos = entry.operation.run(times, samples);
        double each = Math.max(1.0, (double) nanos / times);
        long wanted = Math.max(1, (long) (SLICE_NANOS / each));
        if (entry.which.workload().unit() != Workload.Unit.PERCENTILES) {
            entry.times = (int) Math.min(wanted, 8L * times);
        } else {
            entry.times = 1_000;
        }
        return nanos;
    }

    private void measure(Case which, List<Entry> entries) throws Exception {
        int count = which.workload().isGrowth() && which.n() > 10_000 ? 5 : rounds;
        double[][] main = new double[entries.size()][count];
        double[][] tail = new double[entries.size()][count];
        double[][] cpu = new double[entries.size()][1];
        double[] done = new double[entries.size()];
        List<Entry> order = new ArrayList<>(entries);
        for (int round = 0; round < count; round++) {
            Collections.rotate(order, 1);
            for (Entry entry : order) {
                int i = entries.indexOf(entry);
                int times = entry.times;
                long before = threads.getTotalThreadAllocatedBytes();
                long cpuBefore = system.getProcessCpuTime();
                long nanos = slice(entry);
                cpu[i][0] += system.getProcessCpuTime() - cpuBefore;
                long allocated = threads.getTotalThreadAllocatedBytes() - before;
                double per = (double) times * which.divisor();
                done[i] += per;
                switch (which.workload().unit()) {
                    case PERCENTILES -> {
                        main[i][round] = samples.percentile(0.50);
                        tail[i][round] = samples.percentile(0.99);
                    }
                    case ALLOCATION -> main[i][round] = allocated / per;
                    default -> main[i][round] = nanos / per;
                }
            }
        }
        switch (which.workload().unit()) {
            case PERCENTILES -> {
                put(which, "p50", entries, main);
                put(which, "p99", entries, tail);
            }
            case ALLOCATION -> put(which, "bytes", entries, main);
            default -> {
                for (int i = 0; i < done.length; i++) {
                    cpu[i][0] /= done[i];
                }
                put(which, "ns", entries, main);
                put(which, "cpu", entries, cpu);
            }
        }
    }

    private void put(Case which, String statistic, List<Entry> entries, double[][] values) {
        Rounds result = new Rounds();
        for (int i = 0; i < values.length; i++) {
            result.put(entries.get(i).contender.name(), values[i]);
        }
        results.put(which + " " + statistic, result);
    }

    // ---- heap ------------------------------------------------------------------------------

    private void heap(Case which) throws Exception {
        Rounds result = new Rounds();
        int count = 5;
        for (Contender contender : contenders) {
            double[] values = new double[count];
            boolean done = true;
            warmUp(contender, which.n());
            for (int round = 0; round < count && done; round++) {
                Contender.Holding holding = contender.holding(which.n());
                done = holding != null;
                if (done) {
                    values[round] = perTask(which.n(), holding);
                }
            }
            if (done) {
                result.put(contender.name(), values);
            }
        }
        results.put(which + " bytes", result);
    }

    /** What a parked task keeps on its stack depends on how far its frames are compiled. */
    private static void warmUp(Contender contender, int n) throws Exception {
        long until = System.nanoTime() + HOLD_NANOS;
        do {
            Contender.Holding holding = contender.holding(n);
            if (holding == null) {
                return;
            }
            Loops.await(() -> {
                holding.whileBlocked(() -> {});
                return 0L;
            });
        } while (System.nanoTime() < until);
    }

    private static double perTask(int n, Contender.Holding holding) throws Exception {
        long before = used();
        long[] during = new long[1];
        Loops.await(() -> {
            holding.whileBlocked(() -> during[0] = used());
            return 0L;
        });
        return (double) (during[0] - before) / n;
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least =
                    Math.min(
                            least,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
