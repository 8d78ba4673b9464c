package dev.curfew.soak;

import dev.curfew.internal.tree.Forks;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.StrandTable;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What programs leave behind in the JVM: nothing that grows. */
final class SoakResidue {
    /** Instances of one class more than before: empty timers that nobody has swept, notes. */
    private static final long INSTANCES = 6000;

    private static final long BYTES = 24 << 20;
    private static final int THREADS = 48;
    private static final long LIMIT_NANOS = 25_000_000_000L;
    private static final long POLL_NANOS = 1_000_000_000;
    private static final int PLACES = 1024;

    private static final Pattern LINE =
            Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(dev\\.curfew\\.\\S+).*");

    private final Set<Strand> before = strands();
    private final Set<Thread> threads = threads();
    private final Map<String, Long> instances = instances();
    private final long bytes = usedBytes();

    private static Set<Strand> strands() {
        Set<Strand> strands = new HashSet<>();
        StrandTable.forEach(strands::add);
        return strands;
    }

    /**
     * After the last program has ended. What was asked of groups that go on is looked at once more
     * after the patience of ten seconds, and is kept till then.
     */
    String check() throws Exception {
        long end = System.nanoTime() + LIMIT_NANOS;
        String broken = look();
        while (!broken.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            broken = look();
        }
        return broken;
    }

    private String look() throws ReflectiveOperationException {
        StringBuilder broken = new StringBuilder();
        for (Strand strand : strands()) {
            if (!before.contains(strand)) {
                broken.append("\nstill in the table of strands: ").append(strand.label());
            }
        }
        instances()
                .forEach((type, count) -> {
                    if (count - instances.getOrDefault(type, 0L) > INSTANCES) {
                        broken.append(
                                "\n"
                                        + count
                                        + " instances of "
                                        + type
                                        + ", were "
                                        + instances.get(type));
                    }
                });
        if (usedBytes() - bytes > BYTES) {
            broken.append("\n" + usedBytes() + " bytes in use, were " + bytes + "\n");
            histogram().lines().limit(15).forEach(line -> broken.append(line).append("\n"));
        }
        if (places() > PLACES) {
            broken.append("\n" + places() + " places of forks are kept");
        }
        checkThreads(broken);
        return broken.toString();
    }

    private void checkThreads(StringBuilder broken) {
        Set<Thread> more = threads();
        more.removeAll(threads);
        for (Thread thread : more) {
            if (thread.isInterrupted()) {
                broken.append("\na stray interrupt in ").append(thread);
            }
        }
        if (more.size() > THREADS) {
            broken.append("\n" + more.size() + " more threads of the library's");
        }
    }

    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("curfew-"));
        return threads;
    }

    private static int places() throws ReflectiveOperationException {
        var field = Forks.class.getDeclaredField("PLACES");
        field.setAccessible(true);
        return ((Map<?, ?>) field.get(null)).size();
    }

    private static Map<String, Long> instances() {
        Map<String, Long> counts = new TreeMap<>();
        histogram()
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(m -> !m.group(2).startsWith("dev.curfew.soak."))
                .forEach(m -> counts.put(m.group(2), Long.valueOf(m.group(1))));
        return counts;
    }

    /** Of what is reachable: a full collection comes first. */
    private static String histogram() {
        String[] none = {};
        try {
            return (String)
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    "gcClassHistogram",
                                    new Object[] {none},
                                    new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private static long usedBytes() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
