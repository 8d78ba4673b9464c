package dev.curfew.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Threads outside of every program that end what the programs block in, soon: no program depends on
 * being cancelled in order to end. Platform threads, so that they move when no carrier does.
 */
final class SoakHelpers {
    private static final int FIFOS = 4;

    private static final ScheduledExecutorService TIMES =
            Executors.newScheduledThreadPool(
                    2, Thread.ofPlatform().daemon().name("soak-times").factory());
    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("soak-helper").factory());

    /** Named pipes that nobody uses now; none at all where there is no {@code mkfifo}. */
    private static final BlockingQueue<Path> FREE_FIFOS = makeFifos();

    private SoakHelpers() {}

    /** Before a program runs: a thread of one may be interrupted at any time. */
    static void prepare() {
        FREE_FIFOS.size();
    }

    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }

    /** On a thread of its own: it may block. */
    static void run(Act act) {
        THREADS.execute(() -> quietly(act));
    }

    /** Later, on a thread of its own: it may block. */
    static void later(int micros, Act act) {
        TIMES.schedule(() -> run(act), micros, TimeUnit.MICROSECONDS);
    }

    static void quietly(Act act) {
        try {
            act.run();
        } catch (Exception othersSideIsGone) {
            // the program has closed it by now
        }
    }

    static Path takeFifo() {
        return FREE_FIFOS.poll();
    }

    static void giveFifo(Path fifo) {
        FREE_FIFOS.add(fifo);
    }

    private static BlockingQueue<Path> makeFifos() {
        BlockingQueue<Path> fifos = new ArrayBlockingQueue<>(FIFOS);
        try {
            Path dir = Files.createTempDirectory("curfew-soak");
            dir.toFile().deleteOnExit();
            for (int i = 0; i < FIFOS; i++) {
                Path fifo = dir.resolve("fifo" + i);
                if (new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0) {
                    fifo.toFile().deleteOnExit();
                    fifos.add(fifo);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return fifos;
    }
}
