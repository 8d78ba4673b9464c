package dev.curfew.soak;

import dev.curfew.CancelScope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Calls that block, each in its own way, and each ended before long by itself or by a helper. */
final class SoakBlocking {
    private static final int LONGEST_MICROS = 1500;

    private SoakBlocking() {}

    static void block(SplittableRandom rnd) throws InterruptedException, IOException {
        int micros = rnd.nextInt(0, LONGEST_MICROS);
        switch (rnd.nextInt(40)) {
            case 0, 1, 2 -> Thread.sleep(0, micros * 1000 % 999_999);
            case 3, 4, 5 -> new LinkedBlockingQueue<Integer>().poll(micros, TimeUnit.MICROSECONDS);
            case 6, 7, 8 -> LockSupport.parkNanos(micros * 1000L);
            case 9, 10, 11 -> CancelScope.sleep(Duration.ofNanos(micros * 1000L));
            case 12, 13 -> CancelScope.checkpoint();
            case 14, 15 -> monitor();
            case 16, 17 -> take(micros);
            case 18, 19 -> park(micros);
            case 20 -> lock(micros, true);
            case 21 -> lock(micros, false);
            case 22, 23 -> condition(micros);
            case 24, 25 -> acquire(micros);
            case 26 -> get(micros);
            case 27 -> join(micros);
            case 28, 29 -> pipe(micros);
            case 30 -> rarely(rnd, () -> accept(micros));
            case 31 -> rarely(rnd, () -> read(micros));
            case 32 -> rarely(rnd, () -> fifo(micros));
            case 33 -> {
                if (rnd.nextInt(4) == 0) {
                    rarely(rnd, SoakBlocking::process);
                }
            }
            default -> new CountDownLatch(1).await(micros, TimeUnit.MICROSECONDS);
        }
    }

    @FunctionalInterface
    private interface Call {
        void run() throws InterruptedException, IOException;
    }

    private static void rarely(SplittableRandom rnd, Call call)
            throws InterruptedException, IOException {
        if (rnd.nextInt(3) == 0) {
            call.run();
        }
    }

    // ---- java.util.concurrent ----------------------------------------------------------------

    private static void monitor() throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            monitor.wait(1);
        }
    }

    private static void take(int micros) throws InterruptedException {
        LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        SoakHelpers.later(micros, () -> queue.add(1));
        queue.take();
    }

    private static void park(int micros) throws InterruptedException {
        Thread parked = Thread.currentThread();
        CountDownLatch over = new CountDownLatch(1);
        SoakHelpers.later(
                micros,
                () -> {
                    over.countDown();
                    LockSupport.unpark(parked);
                });
        while (over.getCount() > 0) {
            LockSupport.park();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static void lock(int micros, boolean interruptibly) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        SoakHelpers.run(() -> {
            lock.lock();
            held.complete(true);
            LockSupport.parkNanos(micros * 1000L);
            lock.unlock();
        });
        held.join();
        if (interruptibly) {
            lock.lockInterruptibly();
        } else {
            lock.lock();
        }
        lock.unlock();
    }

    private static void condition(int micros) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        boolean[] over = {false};
        SoakHelpers.later(
                micros,
                () -> {
                    lock.lock();
                    try {
                        over[0] = true;
                        condition.signalAll();
                    } finally {
                        lock.unlock();
                    }
                });
        lock.lock();
        try {
            while (!over[0]) {
                condition.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void acquire(int micros) throws InterruptedException {
        Semaphore semaphore = new Semaphore(0);
        SoakHelpers.later(micros, semaphore::release);
        semaphore.acquire();
    }

    private static void get(int micros) throws InterruptedException {
        try {
            later(micros).get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Which no interrupt ends. */
    private static void join(int micros) {
        later(micros).join();
    }

    private static CompletableFuture<Boolean> later(int micros) {
        CompletableFuture<Boolean> future = new CompletableFuture<>();
        SoakHelpers.later(micros, () -> future.complete(true));
        return future;
    }

    // ---- I/O -----------------------------------------------------------------------------------

    private static void pipe(int micros) throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            SoakHelpers.later(micros, () -> sink.write(ByteBuffer.allocate(1)));
            source.read(ByteBuffer.allocate(1));
        }
    }

    private static void accept(int micros) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            SoakHelpers.later(
                    micros,
                    () -> {
                        try (Socket _ = reset(new Socket(server.getInetAddress(), port))) {
                            // connected is all that is wanted
                        }
                    });
            reset(server.accept()).close();
        }
    }

    private static void read(int micros) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = reset(new Socket(server.getInetAddress(), server.getLocalPort()))) {
            SoakHelpers.later(
                    micros,
                    () -> {
                        try (Socket peer = server.accept()) {
                            peer.getOutputStream().write(1);
                        }
                    });
            socket.getInputStream().read();
        }
    }

    /** It leaves no port behind that is waiting. */
    private static Socket reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        return socket;
    }

    /** On a virtual thread an interrupt blocks its sender until the writer comes. */
    private static void fifo(int micros) throws IOException {
        Path fifo = SoakHelpers.takeFifo();
        if (fifo == null) {
            return;
        }
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        try (FileChannel channel =
                FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SoakHelpers.later(
                    micros,
                    () -> {
                        try (FileChannel out = FileChannel.open(fifo, StandardOpenOption.WRITE)) {
                            out.write(ByteBuffer.allocate(1));
                            read.join();
                        }
                    });
            channel.read(ByteBuffer.allocate(1));
        } finally {
            read.complete(true);
            SoakHelpers.giveFifo(fifo);
        }
    }

    private static void process() throws InterruptedException, IOException {
        Process process = new ProcessBuilder("sleep", "0.002").start();
        try {
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }
}
