package dev.curfew.inspect;

import com.sun.management.OperatingSystemMXBean;
import dev.curfew.TaskGroup;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * What the tree costs: time and bytes of a task with nobody looking, against the library with its
 * notes of forks switched off, and a snapshot of 100,000 tasks. {@code proof/cost} runs it.
 *
 * <p>The two contenders are the same classes, loaded twice, so that they run in one JVM and take
 * turns.
 */
final class CostOfLooking {
    private static final int ROUNDS = Integer.getInteger("curfew.cost.rounds", 40);
    private static final int WARM = 10;
    private static final long SLICE = 100_000_000;
    private static final int MANY = 100_000;

    private CostOfLooking() {}

    /** Blocks of so many tasks, for a slice of time; tasks, wall and CPU time in nanoseconds. */
    public static final class Forks implements Callable<long[]> {
        private final int tasks;

        public Forks(Integer tasks) {
            this.tasks = tasks;
        }

        @Override
        public long[] call() throws Exception {
            OperatingSystemMXBean system =
                    (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long[] result = new long[3];
            Thread.ofVirtual()
                    .start(() -> {
                        long cpu = system.getProcessCpuTime();
                        long start = System.nanoTime();
                        long done = 0;
                        long end = start;
                        while (end - start < SLICE) {
                            block(tasks);
                            done += tasks;
                            end = System.nanoTime();
                        }
                        result[0] = done;
                        result[1] = end - start;
                        result[2] = system.getProcessCpuTime() - cpu;
                    })
                    .join();
            return result;
        }

        private static void block(int tasks) {
            try {
                TaskGroup.run(group -> {
                    for (int i = 0; i < tasks; i++) {
                        group.fork(() -> null);
                    }
                });
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The heap that a blocked task takes, in hundredths of a byte. */
    public static final class Bytes implements Callable<long[]> {
        public Bytes(Integer unused) {}

        @Override
        public long[] call() throws Exception {
            long before = used();
            CountDownLatch mayEnd = new CountDownLatch(1);
            CountDownLatch in = new CountDownLatch(MANY);
            long[] result = new long[1];
            TaskGroup.run(group -> {
                for (int i = 0; i < MANY; i++) {
                    group.fork(() -> {
                        in.countDown();
                        mayEnd.await();
                    });
                }
                in.await();
                result[0] = (used() - before) * 100 / MANY;
                mayEnd.countDown();
            });
            return result;
        }

        private static long used() {
            Runtime runtime = Runtime.getRuntime();
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                System.gc();
                least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
            }
            return least;
        }
    }

    /** Microseconds: without stacks, with the usual number, its text, its JSON, its entries. */
    public static final class Snapshot implements Callable<long[]> {
        public Snapshot(Integer unused) {}

        @Override
        public long[] call() throws Exception {
            CountDownLatch mayEnd = new CountDownLatch(1);
            CountDownLatch in = new CountDownLatch(MANY);
            long[] result = new long[5];
            TaskGroup.run(group -> {
                for (int i = 0; i < MANY; i++) {
                    group.fork(
                            "task-" + i,
                            () -> {
                                in.countDown();
                                mayEnd.await();
                            });
                }
                in.await();
                long a = System.nanoTime();
                TaskTree none = TaskTree.snapshot(0);
                long b = System.nanoTime();
                TaskTree tree = TaskTree.snapshot();
                long c = System.nanoTime();
                String text = tree.text();
                long d = System.nanoTime();
                String json = tree.json();
                long e = System.nanoTime();
                result[0] = (b - a) / 1_000;
                result[1] = (c - b) / 1_000;
                result[2] = (d - c) / 1_000;
                result[3] = (e - d) / 1_000;
                result[4] = none.entries().size() + 0L * text.length() * json.length();
                mayEnd.countDown();
            });
            return result;
        }
    }

    // ---- two libraries in one JVM --------------------------------------------------------------

    private static ClassLoader library(String level) throws Exception {
        URL[] path = new URL[2];
        for (Class<?> type : List.of(TaskGroup.class, CostOfLooking.class)) {
            URI uri = type.getProtectionDomain().getCodeSource().getLocation().toURI();
            path[type == TaskGroup.class ? 0 : 1] = Path.of(uri).toUri().toURL();
        }
        ClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
        System.setProperty("dev.curfew.forks", level);
        // The level is read when the class is initialized.
        Class.forName("dev.curfew.internal.tree.Forks", true, loader);
        System.clearProperty("dev.curfew.forks");
        return loader;
    }

    @SuppressWarnings("unchecked")
    private static Callable<long[]> load(ClassLoader library, Class<?> type, int argument)
            throws Exception {
        return (Callable<long[]>)
                Class.forName(type.getName(), true, library)
                        .getConstructor(Integer.class)
                        .newInstance(argument);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void compare(ClassLoader off, ClassLoader on, int tasks) throws Exception {
        Callable<long[]> a = load(off, Forks.class, tasks);
        Callable<long[]> b = load(on, Forks.class, tasks);
        List<Double> offWall = new ArrayList<>();
        List<Double> wall = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int round = -WARM; round < ROUNDS; round++) {
            boolean first = round % 2 == 0;
            long[] x = (first ? a : b).call();
            long[] y = (first ? b : a).call();
            long[] without = first ? x : y;
            long[] with = first ? y : x;
            if (round >= 0) {
                offWall.add((double) without[1] / without[0]);
                wall.add(((double) with[1] / with[0]) / ((double) without[1] / without[0]));
                cpu.add(((double) with[2] / with[0]) / ((double) without[2] / without[0]));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "fork and join, N=%-6d %8.0f ns a task without notes; with them, median of %d"
                        + " rounds: time %.3f, CPU %.3f%n",
                tasks,
                median(offWall),
                ROUNDS,
                median(wall),
                median(cpu));
    }

    public static void main(String[] args) throws Exception {
        ClassLoader off = library("off");
        ClassLoader on = library("sampled");
        for (int tasks : new int[] {1, 100, 10_000}) {
            compare(off, on, tasks);
        }
        long[] without = new long[5];
        long[] with = new long[5];
        for (int i = 0; i < 5; i++) {
            without[i] = load(off, Bytes.class, 0).call()[0];
            with[i] = load(on, Bytes.class, 0).call()[0];
        }
        Arrays.sort(without);
        Arrays.sort(with);
        System.out.printf(
                Locale.ROOT,
                "heap per blocked task, median of 5: %.1f B without notes, %.1f B with them%n",
                without[2] / 100.0,
                with[2] / 100.0);
        for (int i = 0; i < 5; i++) {
            long[] s = load(on, Snapshot.class, 0).call();
            System.out.printf(
                    Locale.ROOT,
                    "snapshot of %d entries: %d ms without stacks, %d ms with %d; text %d ms, JSON"
                            + " %d ms%n",
                    s[4],
                    s[0] / 1_000,
                    s[1] / 1_000,
                    TaskTree.STACKS,
                    s[2] / 1_000,
                    s[3] / 1_000);
        }
    }
}
