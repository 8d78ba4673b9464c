package dev.curfew.soak;

import dev.curfew.internal.report.Reports;
import dev.curfew.internal.tree.StrandTable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs programs one after the other, and looks at what they leave behind.
 *
 * <p>System properties: {@code curfew.soak.seconds}, how long; {@code curfew.soak.programs}, how
 * many at most; {@code curfew.soak.from}, the first seed of the row, otherwise a random one; {@code
 * curfew.soak.seed}, one seed, again and again; {@code curfew.soak.all=true}, go on after a
 * failure.
 */
final class SoakRuns {
    private static final long LIMIT_SECONDS = 60;

    /** Programs until the JVM has what it keeps for good. */
    private static final int WARM_UP = 100;

    private long programs;
    private long tasks;
    private long cancels;
    private long cycles;
    private long failures;

    /** For a JVM of its own; the argument is the number of seconds. */
    public static void main(String... args) throws Exception {
        System.out.println(new SoakRuns().run(Long.parseLong(args[0])));
    }

    /** What was run; throws if something is broken. */
    String run(long defaultSeconds) throws Exception {
        long most = Long.getLong("curfew.soak.programs", Long.MAX_VALUE);
        long seconds = most < Long.MAX_VALUE ? TimeUnit.HOURS.toSeconds(1) : defaultSeconds;
        long end =
                System.nanoTime()
                        + TimeUnit.SECONDS.toNanos(Long.getLong("curfew.soak.seconds", seconds));
        Long only = Long.getLong("curfew.soak.seed");
        long seed =
                only != null
                        ? only
                        : Long.getLong("curfew.soak.from", System.nanoTime() & 0xFFFFFF);
        SoakHelpers.prepare();
        SoakResidue residue = null;
        while (System.nanoTime() < end && programs < most) {
            program(seed);
            if (only == null) {
                seed++;
            }
            if (programs == WARM_UP) {
                residue = new SoakResidue();
            }
        }
        String left = residue == null ? "" : residue.check();
        if (!left.isEmpty() || failures > 0) {
            throw new AssertionError(
                    "after " + programs + " programs, of which " + failures + " failed:" + left);
        }
        return String.format(
                java.util.Locale.ROOT,
                "soak: %d programs, %d tasks, %d cancels from outside, %d cycles refused",
                programs,
                tasks,
                cancels,
                cycles);
    }

    private void program(long seed) throws InterruptedException {
        SoakRecord record = new SoakRecord();
        AtomicReference<Throwable> problem = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread thread =
                (seed % 3 == 0 ? Thread.ofVirtual() : Thread.ofPlatform().daemon())
                        .start(() -> {
                            try {
                                run(seed, record);
                                new SoakChecks(record).check();
                            } catch (Throwable e) {
                                problem.set(e);
                            } finally {
                                done.countDown();
                            }
                        });
        if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "program with seed "
                            + seed
                            + " hangs ("
                            + programs
                            + " before it ran): "
                            + dump(thread));
        }
        if (problem.get() != null) {
            failed(
                    "program with seed "
                            + seed
                            + " (replay: -Dcurfew.soak.seed="
                            + seed
                            + ", "
                            + programs
                            + " before it ran): "
                            + problem.get(),
                    problem.get());
        }
        programs++;
        tasks += record.forked.get();
        cancels += record.cancels.sum();
        cycles += record.cycles.sum();
    }

    private void failed(String message, Throwable problem) {
        AssertionError error = new AssertionError(message, problem);
        if (!Boolean.getBoolean("curfew.soak.all")) {
            throw error;
        }
        System.out.println(message);
        failures++;
    }

    private static void run(long seed, SoakRecord record) throws Exception {
        if (seed % 16 == 7) {
            SoakWatch watch = new SoakWatch(seed, record);
            try (var _ = Reports.capture(watch::reported)) {
                watch.run();
            }
            return;
        }
        try (var _ = Reports.capture(record::reported)) {
            if (seed % 4 == 1) {
                new SoakStranger(seed, record).run();
            } else {
                new SoakProgram(seed, record).run();
            }
        }
    }

    private static String dump(Thread main) {
        StringBuilder text = new StringBuilder();
        stack(text, main.toString(), main.getStackTrace());
        StrandTable.forEach(strand ->
                stack(
                        text,
                        strand.label() + " " + strand.thread(),
                        strand.thread().getStackTrace()));
        for (Map.Entry<Thread, StackTraceElement[]> e : Thread.getAllStackTraces().entrySet()) {
            if (e.getKey().getName().matches("(curfew|soak).*")) {
                stack(text, e.getKey().toString(), e.getValue());
            }
        }
        return text.toString();
    }

    private static void stack(StringBuilder text, String of, StackTraceElement[] stack) {
        text.append("\n").append(of);
        for (StackTraceElement e : stack) {
            text.append("\n  ").append(e);
        }
    }
}
