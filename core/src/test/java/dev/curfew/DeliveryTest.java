package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Delivery under the worst conditions, and into the JDK's own blocking calls. */
class DeliveryTest {
    @TempDir Path directory;

    private Path fifo() throws Exception {
        Path path = directory.resolve("fifo" + System.nanoTime());
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        return path;
    }

    @Test
    @Conformance("AC34")
    void anInterruptThatBlocksDelaysNeitherItsCallerNorOtherTargetsNorTimers() throws Exception {
        Path path = fifo();
        // Open for both, so that neither open blocks.
        try (FileChannel writer =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            TaskGroup.run(group -> {
                AtomicReference<Thread> reading = new AtomicReference<>();
                Task<?> reader =
                        group.fork(
                                "reader",
                                () -> {
                                    try (FileChannel in =
                                            FileChannel.open(path, StandardOpenOption.READ)) {
                                        reading.set(Thread.currentThread());
                                        return in.read(ByteBuffer.allocate(1));
                                    }
                                });
                Task<?> other = group.fork("other", () -> Blocked.forEver());
                Blocked.until(() -> isInNativeRead(reading.get()));

                assertThat(reader.cancel()).isTrue();
                assertThat(other.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                assertThatThrownBy(() ->
                                CancelScope.withTimeout(
                                        Duration.ofMillis(10), () -> Blocked.forEver()))
                        .isInstanceOf(DeadlineExceededException.class);
                assertThat(reader.outcome()).isEmpty();

                writer.write(ByteBuffer.wrap(new byte[] {1}));
                assertThat(reader.join()).isInstanceOf(Outcome.Cancelled.class);
            });
        }
    }

    private static boolean isInNativeRead(Thread thread) {
        return thread != null
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(f -> f.isNativeMethod() && f.getMethodName().startsWith("read"));
    }

    /** A channel whose close throws what {@code interrupt()} then lets through. */
    private static final class Throwing extends AbstractInterruptibleChannel {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch never = new CountDownLatch(1);

        void block() throws IOException {
            boolean done = false;
            begin();
            try {
                inside.countDown();
                while (isOpen()) {
                    java.util.concurrent.locks.LockSupport.park(this);
                }
                done = true;
            } finally {
                end(done);
            }
        }

        @Override
        protected void implCloseChannel() {
            throw new IllegalStateException("from close");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    void aChannelWhoseCloseThrowsIsStoppedAllTheSameAndCancelThrowsNothing(Kind kind)
            throws Exception {
        kind.run(() ->
                TaskGroup.run(group -> {
                    Throwing channel = new Throwing();
                    Task<?> task = group.fork(channel::block);
                    Blocked.await(channel.inside);
                    assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                }));
    }

    @FunctionalInterface
    private interface Blocking {
        void run(CountDownLatch inside) throws Exception;
    }

    private static void assertStopped(Blocking body) throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> task = group.fork(() -> body.run(inside));
            Blocked.await(inside);
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                Duration.ofMillis(20),
                                () -> {
                                    try {
                                        body.run(new CountDownLatch(1));
                                    } catch (IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                }))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    @Conformance({"JV04"})
    void aSocketReadOnAVirtualThreadEndsAsACancellation() throws Exception {
        try (ServerSocket server = new ServerSocket(0);
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            TaskGroup.run(group -> {
                CountDownLatch inside = new CountDownLatch(1);
                Task<?> task =
                        group.fork(() -> {
                            inside.countDown();
                            return client.getInputStream().read();
                        });
                Blocked.await(inside);
                assertThat(task.cancelAndJoin())
                        .isInstanceOfSatisfying(
                                Outcome.Cancelled.class,
                                c -> assertThat(c.exception()).isInstanceOf(SocketException.class));
            });
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    @Conformance("JV04")
    void aSocketReadOnAPlatformThreadGoesOnAndTheRequestIsKept() throws Exception {
        try (ServerSocket server = new ServerSocket(0);
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            TaskGroup.run(
                    config -> config.withThreadFactory(Thread.ofPlatform().factory()),
                    group -> {
                        AtomicReference<Thread> thread = new AtomicReference<>();
                        CountDownLatch inside = new CountDownLatch(1);
                        AtomicInteger read = new AtomicInteger();
                        Task<?> task =
                                group.fork(() -> {
                                    thread.set(Thread.currentThread());
                                    inside.countDown();
                                    read.set(client.getInputStream().read());
                                    CancelScope.checkpoint();
                                });
                        Blocked.await(inside);
                        task.cancel();
                        Blocked.until(() -> thread.get().isInterrupted());
                        accepted.getOutputStream().write(7);
                        assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(read).hasValue(7);
                    });
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    @Conformance({"JV04"})
    void aSocketTimeoutWhileStoppingIsAFailure() throws Exception {
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    Task<?> task =
                            group.fork(() -> {
                                try {
                                    Blocked.forEver();
                                } catch (InterruptedException e) {
                                    throw new SocketTimeoutException("slow");
                                }
                                return 1;
                            });
                    assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Failed.class);
                });
    }

    @Test
    @Conformance("PR01")
    void theJdksInterruptibleCallsAreStopped() throws Exception {
        ReentrantLock held = new ReentrantLock();
        Thread holder = Thread.ofPlatform().daemon().unstarted(held::lock);
        holder.start();
        holder.join();
        assertStopped(inside -> {
            inside.countDown();
            held.lockInterruptibly();
        });
        assertStopped(inside -> {
            inside.countDown();
            new Semaphore(0).acquire();
        });
        assertStopped(inside -> {
            inside.countDown();
            new ArrayBlockingQueue<Integer>(1).take();
        });
        assertStopped(inside -> {
            Object monitor = new Object();
            synchronized (monitor) {
                inside.countDown();
                monitor.wait();
            }
        });
        assertStopped(inside -> {
            try (ServerSocketChannel channel = ServerSocketChannel.open().bind(null)) {
                inside.countDown();
                channel.accept();
            }
        });
    }

    @Test
    @Conformance({"JV03", "TC34"})
    void aRequestDuringACallThatDoesNotReactIsNotForgotten() throws Exception {
        Object monitor = new Object();
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> task;
            synchronized (monitor) {
                task =
                        group.fork(() -> {
                            inside.countDown();
                            synchronized (monitor) {
                                CancelScope.checkpoint();
                            }
                        });
                Blocked.await(inside);
                task.cancel();
            }
            assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    @Conformance({"PR05", "PR06"})
    void noPermitAndNoItemIsLostWhenItsReceiverIsCancelledInTheSameInstant() throws Exception {
        for (int i = 0; i < 500; i++) {
            Semaphore permits = new Semaphore(0);
            ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
            boolean[] got = new boolean[2];
            TaskGroup.run(group -> {
                Task<?> a =
                        group.fork(() -> {
                            permits.acquire();
                            got[0] = true;
                        });
                Task<?> b =
                        group.fork(() -> {
                            queue.take();
                            got[1] = true;
                        });
                permits.release();
                queue.add(1);
                a.cancel();
                b.cancel();
            });
            assertThat(got[0] ^ permits.availablePermits() == 1).isTrue();
            assertThat(got[1] ^ queue.size() == 1).isTrue();
        }
    }

    @Test
    void withEveryCarrierHeldTimersAndPlatformThreadsGoOn() throws Exception {
        Path path = fifo();
        Process jvm =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-Djdk.virtualThreadScheduler.parallelism=1",
                                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                HeldCarriers.class.getName(),
                                path.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(jvm.getInputStream().readAllBytes());
        assertThat(jvm.waitFor()).as(output).isZero();
        assertThat(output).contains("timeout, platform task cancelled, reader cancelled");
        Files.delete(path);
    }

    /** The program of the second JVM. */
    static final class HeldCarriers {
        private HeldCarriers() {}

        public static void main(String[] args) throws Exception {
            // A broken library holds it for ever, also when the test that waits for it is killed.
            ProcessHandle test = ProcessHandle.current().parent().orElseThrow();
            test.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
            Path path = Path.of(args[0]);
            StringBuilder seen = new StringBuilder();
            try (FileChannel writer =
                    FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                TaskGroup.run(group -> {
                    CountDownLatch reading = new CountDownLatch(1);
                    Task<?> reader =
                            group.fork(() -> {
                                try (FileChannel in =
                                        FileChannel.open(path, StandardOpenOption.READ)) {
                                    reading.countDown();
                                    return in.read(ByteBuffer.allocate(1));
                                }
                            });
                    Blocked.await(reading);
                    reader.cancel();
                    try {
                        CancelScope.withTimeout(Duration.ofMillis(20), () -> Blocked.forEver());
                    } catch (DeadlineExceededException e) {
                        seen.append("timeout, ");
                    }
                    TaskGroup.run(
                            config -> config.withThreadFactory(Thread.ofPlatform().factory()),
                            platform -> {
                                platform.fork(() -> Blocked.forEver()).cancelAndJoin();
                                seen.append("platform task cancelled, ");
                            });
                    writer.write(ByteBuffer.wrap(new byte[] {1}));
                    if (reader.join() instanceof Outcome.Cancelled<?>) {
                        seen.append("reader cancelled");
                    }
                });
            }
            System.out.println(seen);
            System.exit(0);
        }
    }
}
