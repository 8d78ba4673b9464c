package dev.curfew.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real threads, stuck in the real calls. */
@Timeout(60)
class StuckThreadsTest {
    @TempDir Path directory;

    private static final Thread.Builder PLATFORM = Thread.ofPlatform().daemon();
    private static final Thread.Builder VIRTUAL = Thread.ofVirtual();

    /** The advice on a thread that runs the body, as soon as there is one that says the given. */
    private static void assertAdvice(Thread.Builder builder, Callable<?> body, String part) {
        Thread thread =
                builder.start(() -> {
                    try {
                        body.call();
                    } catch (Exception e) {
                        // the test is over
                    }
                });
        while (thread.isAlive()) {
            // The body is on its way to the call; the class's timeout ends this if it never
            // arrives.
            if (advice(thread).filter(said -> said.contains(part)).isPresent()) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the thread ended, and was never seen where " + part);
    }

    private static Optional<String> advice(Thread thread) {
        return StuckFrames.advice(thread.getState(), thread.getStackTrace(), thread.isVirtual())
                .map(StuckAdvice::text);
    }

    private static void assertAdvice(Callable<?> body, String part) {
        assertAdvice(PLATFORM, body, part);
        assertAdvice(VIRTUAL, body, part);
    }

    @Test
    void joinOfAFuture() {
        CompletableFuture<String> future = new CompletableFuture<>();
        assertAdvice(future::join, "Wait by get()");
        future.complete("");
    }

    @Test
    void getOfAFutureReacts() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        Thread thread =
                PLATFORM.start(() -> {
                    started.countDown();
                    try {
                        future.get();
                    } catch (Exception e) {
                        // the test is over
                    }
                });
        started.await();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        assertThat(advice(thread)).isEmpty();
        future.complete("");
        thread.join();
    }

    @Test
    void lockAndMonitor() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try {
            assertAdvice(
                    () -> {
                        lock.lock();
                        lock.unlock();
                        return null;
                    },
                    "lockInterruptibly()");
        } finally {
            lock.unlock();
        }
        Object monitor = new Object();
        synchronized (monitor) {
            assertAdvice(
                    () -> {
                        synchronized (monitor) {
                            return null;
                        }
                    },
                    "synchronized");
        }
    }

    @Test
    void semaphoreTakenUninterruptibly() {
        Semaphore semaphore = new Semaphore(0);
        assertAdvice(
                () -> {
                    semaphore.acquireUninterruptibly();
                    return null;
                },
                "Use acquire()");
        semaphore.release(2);
    }

    @Test
    void closeOfAnExecutor() {
        Semaphore permits = new Semaphore(0);
        for (ExecutorService executor :
                new ExecutorService[] {
                    Executors.newSingleThreadExecutor(), Executors.newVirtualThreadPerTaskExecutor()
                }) {
            executor.execute(permits::acquireUninterruptibly);
            assertAdvice(
                    () -> {
                        executor.close();
                        return null;
                    },
                    "shutdownNow()");
        }
        permits.release(2);
    }

    @Test
    void readOfAProcessesOutput() throws IOException {
        // One process for each: its reader is locked while somebody reads.
        for (Thread.Builder builder : new Thread.Builder[] {PLATFORM, VIRTUAL}) {
            Process process = new ProcessBuilder("sleep", "300").start();
            try {
                assertAdvice(builder, () -> process.inputReader().readLine(), "process::destroy");
            } finally {
                process.destroy();
            }
        }
    }

    @Test
    void readOfANamedPipeByAStreamOfFiles() throws Exception {
        for (Thread.Builder builder : new Thread.Builder[] {PLATFORM, VIRTUAL}) {
            Path pipe = directory.resolve("pipe" + (builder == VIRTUAL));
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
            Process writer =
                    new ProcessBuilder("sh", "-c", "exec sleep 300 >'" + pipe + "'").start();
            try {
                assertAdvice(builder, () -> Files.readString(pipe), "Make the other side end it");
            } finally {
                writer.destroy();
            }
        }
    }

    @Test
    void socketOnAPlatformThread() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertAdvice(PLATFORM, server::accept, "socket::close");
        }
    }

    @Test
    void loopWithoutACheckpoint() {
        AtomicBoolean stop = new AtomicBoolean();
        Callable<?> loop =
                () -> {
                    for (long n = 0; !stop.get(); n++) {
                        Math.sqrt(n);
                    }
                    return null;
                };
        try {
            assertAdvice(PLATFORM, loop, "checkpoint()");
        } finally {
            stop.set(true);
        }
    }

    @Test
    void channelThatReactsGetsNoAdvice() throws Exception {
        Pipe pipe = Pipe.open();
        CountDownLatch started = new CountDownLatch(1);
        Thread thread =
                PLATFORM.start(() -> {
                    started.countDown();
                    try {
                        pipe.source().read(java.nio.ByteBuffer.allocate(1));
                    } catch (IOException e) {
                        // the test is over
                    }
                });
        started.await();
        while (!thread.getStackTrace()[0].getMethodName().equals("read0")) {
            Thread.onSpinWait();
        }

        assertThat(advice(thread)).isEmpty();
        pipe.sink().close();
        thread.join();
        pipe.source().close();
    }
}
