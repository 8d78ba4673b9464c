package dev.curfew.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
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

@Timeout(60)
class StuckFramesTest {
    @TempDir Path directory;

    private static final Thread.Builder PLATFORM = Thread.ofPlatform().daemon();
    private static final Thread.Builder VIRTUAL = Thread.ofVirtual();

    // ---- real threads, stuck in the real calls -----------------------------------------------

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
    void socketOnAVirtualThreadReacts() {
        StackTraceElement[] stack = {
            frame("java.lang.VirtualThread", "park"),
            frame("sun.nio.ch.NioSocketImpl", "park"),
            frame("sun.nio.ch.NioSocketImpl", "implRead"),
            frame("com.example.Client", "read"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, true)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, false)).isPresent();
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

    // ---- stacks made up ----------------------------------------------------------------------

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "File.java", 1);
    }

    private static StackTraceElement nativeFrame(String type, String method) {
        return new StackTraceElement(type, method, null, -2);
    }

    @Test
    void driverCountsBeforeTheSocketThatItReads() {
        StackTraceElement[] stack = {
            frame("sun.nio.ch.NioSocketImpl", "park"),
            frame("java.net.Socket$SocketInputStream", "read"),
            frame("org.postgresql.core.PGStream", "receiveChar"),
            frame("com.example.Store", "load"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false).orElseThrow().text())
                .contains("statement::cancel");
    }

    @Test
    void theProgramsOwnFrameLiesBelowTheDriversTheJdksAndTheLibrarys() {
        StackTraceElement[] stack = {
            frame("org.h2.index.IndexCursor", "find"),
            frame("org.h2.jdbc.JdbcPreparedStatement", "executeQuery"),
            frame("com.example.Store", "lambda$load$0"),
            frame("dev.curfew.ScopeRun", "run"),
            frame("com.example.Store", "load"),
        };

        assertThat(StuckFrames.firstOfProgram(stack)).isEqualTo(2);
    }

    @Test
    void whoWasToldAndWaitsInACallThatReactsHasGoneOn() {
        StackTraceElement[] sleep = {
            frame("java.lang.Thread", "sleep"), frame("com.example.Main", "main"),
        };
        StackTraceElement[] lock = {
            frame("java.util.concurrent.locks.ReentrantLock", "lock"),
            frame("com.example.Main", "main"),
        };

        Thread.State waits = Thread.State.TIMED_WAITING;
        assertThat(StuckFrames.advice(waits, sleep, true, true)).contains(StuckAdvice.SWALLOWED);
        assertThat(StuckFrames.advice(waits, sleep, true, false)).isEmpty();
        assertThat(StuckFrames.advice(waits, lock, true, true)).contains(StuckAdvice.LOCK);
        assertThat(StuckFrames.advice(Thread.State.WAITING, sleep, true, true))
                .contains(StuckAdvice.SWALLOWED);
    }

    @Test
    void whatHasNotBegunWaitsForACarrier() {
        StackTraceElement[] none = {};

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, none, true))
                .contains(StuckAdvice.NO_CARRIER);
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, none, false)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.NEW, none, true)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.TERMINATED, none, true)).isEmpty();
    }

    @Test
    void anEmptyStackSaysNothingOfOneThatWasToldAndWaits() {
        StackTraceElement[] none = {};

        assertThat(StuckFrames.advice(Thread.State.WAITING, none, true, true)).isEmpty();
    }

    @Test
    void whatRunsComputesAndSoDoesWhatYieldsOrSpins() {
        StackTraceElement main = frame("com.example.Main", "main");
        StackTraceElement[] loop = {main};
        StackTraceElement[] jdk = {frame("java.util.HashMap", "get"), main};
        StackTraceElement[] yields = {nativeFrame("java.lang.Thread", "yield0"), main};
        StackTraceElement[] spins = {frame("java.lang.Thread", "onSpinWait"), main};

        for (StackTraceElement[] stack : new StackTraceElement[][] {loop, jdk, yields, spins}) {
            assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false))
                    .contains(StuckAdvice.BUSY);
        }
    }

    @Test
    void nativeCodeOfTheProgramsIsNamedAndOfTheJdksNothingIsKnown() {
        StackTraceElement main = frame("com.example.Main", "main");
        StackTraceElement[] own = {nativeFrame("com.example.Codec", "encode"), main};
        StackTraceElement[] jdk = {nativeFrame("java.lang.Thread", "holdsLock"), main};
        StackTraceElement[] other = {nativeFrame("java.util.zip.Inflater", "yieldBytes"), main};

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, own, false))
                .contains(StuckAdvice.NATIVE);
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, jdk, false)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, other, false)).isEmpty();
    }

    @Test
    void whatIsBlockedWaitsForAMonitor() {
        StackTraceElement[] stack = {frame("com.example.Main", "main")};

        assertThat(StuckFrames.advice(Thread.State.BLOCKED, stack, false))
                .contains(StuckAdvice.MONITOR);
    }

    @Test
    void theLibraryIsItsPackageAndWhatIsInsideAndNotWhatIsBesideThem() {
        StackTraceElement[] library = {
            frame("dev.curfew.internal.tree.Strand", "park"),
            frame("dev.curfew.TaskImpl$Cancellation", "join"),
            frame("com.example.Main", "main"),
        };
        StackTraceElement[] beside = {frame("dev.curfew.samples.Main", "main")};
        StackTraceElement[] longer = {frame("dev.curfewed.Main", "main")};

        assertThat(StuckFrames.firstOfProgram(library)).isEqualTo(2);
        assertThat(StuckFrames.firstOfProgram(beside)).isZero();
        assertThat(StuckFrames.firstOfProgram(longer)).isZero();
    }

    @Test
    void callThatTheProgramMadeCountsNotWhatItIsMadeOf() {
        StackTraceElement[] stack = {
            frame("jdk.internal.misc.Unsafe", "park"),
            frame("java.util.concurrent.CompletableFuture", "join"),
            frame("java.util.concurrent.ExecutorService", "close"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, false).orElseThrow().text())
                .contains("shutdownNow()");
    }

    @Test
    void frameBelowTheProgramsOwnSaysNothing() {
        StackTraceElement[] stack = {
            frame("jdk.internal.misc.Unsafe", "park"),
            frame("java.util.concurrent.CountDownLatch", "await"),
            frame("com.example.Callback", "run"),
            frame("java.util.concurrent.CompletableFuture", "join"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, false)).isEmpty();
    }

    @Test
    void nestedClassesBelongToTheirRuleAndLongerNamesDoNot() {
        StackTraceElement[] nested = {
            frame("java.util.concurrent.locks.ReentrantReadWriteLock$WriteLock", "lock"),
            frame("com.example.Main", "main"),
        };
        StackTraceElement[] other = {
            frame("java.util.concurrent.locks.ReentrantReadWriteLockish", "lock"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, nested, false)).isPresent();
        assertThat(StuckFrames.advice(Thread.State.WAITING, other, false)).isEmpty();
    }

    @Test
    void fileChannelOnAVirtualThreadBelongsOnAPlatformThread() {
        StackTraceElement[] stack = {
            new StackTraceElement("sun.nio.ch.UnixFileDispatcherImpl", "read0", null, -2),
            frame("sun.nio.ch.FileChannelImpl", "read"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, true).orElseThrow().text())
                .contains("withThreadFactory");
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false)).isEmpty();
    }

    @Test
    void fileChannelUnderAStreamOfFilesCountsAsTheStream() {
        StackTraceElement[] stack = {
            nativeFrame("sun.nio.ch.UnixFileDispatcherImpl", "read0"),
            frame("sun.nio.ch.FileChannelImpl", "read"),
            frame("sun.nio.ch.ChannelInputStream", "read"),
            frame("com.example.Main", "main"),
        };
        StackTraceElement[] cut = {frame("sun.nio.ch.FileChannelImpl", "read")};

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false))
                .contains(StuckAdvice.STREAM);
        assertThat(StuckFrames.advice(Thread.State.WAITING, cut, false)).isEmpty();
    }

    @Test
    void virtualThreadThatWasWokenAndDoesNotRunWaitsForACarrier() {
        StackTraceElement[] stack = {
            frame("java.lang.VirtualThread", "park"), frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, true).orElseThrow().text())
                .contains("carrier");
    }

    @Test
    void emptyStackAndUnknownWaitsGetNoAdvice() {
        StackTraceElement[] sleep = {
            frame("java.lang.Thread", "sleep"), frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, new StackTraceElement[0], false))
                .isEmpty();
        assertThat(StuckFrames.advice(Thread.State.TIMED_WAITING, sleep, false)).isEmpty();
    }

    @Test
    void fileReadIsKnown() throws IOException {
        try (FileInputStream in = new FileInputStream("/dev/null")) {
            assertThat(in.read()).isEqualTo(-1);
        }
        StackTraceElement[] stack = {
            new StackTraceElement("java.io.FileInputStream", "readBytes", null, -2),
            frame("java.io.BufferedInputStream", "fill"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false).orElseThrow().text())
                .contains("System.in");
    }
}
