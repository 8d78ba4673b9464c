package dev.curfew.soak;

import static org.assertj.core.api.Assertions.fail;

import dev.curfew.internal.report.Reports;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs random programs for {@code -Dcurfew.soak.seconds} (8 unless set). A failure names the seed;
 * {@code -Dcurfew.soak.seed} runs that one program, many times.
 */
class SoakTest {
    private static final long LIMIT_SECONDS = 60;

    private long programs;
    private long tasks;
    private long cancels;
    private long cycles;

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void randomProgramsKeepTheRules() throws Exception {
        long end =
                System.nanoTime()
                        + TimeUnit.SECONDS.toNanos(Long.getLong("curfew.soak.seconds", 8));
        Long only = Long.getLong("curfew.soak.seed");
        long seed = only != null ? only : System.nanoTime();
        while (System.nanoTime() < end) {
            run(seed);
            if (only == null) {
                seed++;
            }
        }
        System.out.printf(
                "soak: %d programs, %d tasks, %d cancels from outside, %d cycles refused%n",
                programs, tasks, cancels, cycles);
    }

    private void run(long seed) throws InterruptedException {
        SoakRecord record = new SoakRecord();
        AtomicReference<Throwable> problem = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try (var _ = Reports.capture(record::reported)) {
                                new SoakProgram(seed, record).run();
                                record.check();
                            } catch (Throwable e) {
                                problem.set(e);
                            } finally {
                                done.countDown();
                            }
                        });
        if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            fail("program with seed " + seed + " hangs: " + dump(thread));
        }
        if (problem.get() != null) {
            throw new AssertionError(
                    "program with seed " + seed + ": " + problem.get(), problem.get());
        }
        programs++;
        tasks += record.forked.get();
        cancels += record.cancels.sum();
        cycles += record.cycles.sum();
    }

    private static String dump(Thread main) {
        StringBuilder text = new StringBuilder("\n").append(main);
        for (StackTraceElement e : main.getStackTrace()) {
            text.append("\n  ").append(e);
        }
        dev.curfew.internal.tree.StrandTable.forEach(strand -> {
            text.append("\n").append(strand.label()).append(" ").append(strand.thread());
            for (StackTraceElement e : strand.thread().getStackTrace()) {
                text.append("\n  ").append(e);
            }
        });
        for (Map.Entry<Thread, StackTraceElement[]> e : Thread.getAllStackTraces().entrySet()) {
            if (e.getKey().getName().startsWith("curfew")) {
                text.append("\n").append(e.getKey());
                for (StackTraceElement s : e.getValue()) {
                    text.append("\n  ").append(s);
                }
            }
        }
        return text.toString();
    }
}
