package dev.curfew.samples;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;

/** What to write in place of a call that no interrupt ends: a region for each advice. */
final class StuckSamples {
    private StuckSamples() {}

    interface Image {
        int width();

        void shade(int column);
    }

    interface Decoder {
        /** Blocks in native code. */
        byte[] decode() throws IOException;

        /** Makes it return. */
        void abort();
    }

    static String join(CompletableFuture<String> future)
            throws InterruptedException, ExecutionException {
        // @start region="join"
        String value = future.get(); // not join()
        // @end
        return value;
    }

    static void executorClose(ExecutorService executor) throws InterruptedException {
        // @start region="executorClose"
        executor.shutdown(); // not close()
        executor.awaitTermination(1, TimeUnit.HOURS);
        // @end
    }

    static void semaphore(Semaphore permits, Runnable work) throws InterruptedException {
        // @start region="semaphore"
        permits.acquire(); // not acquireUninterruptibly()
        try {
            work.run();
        } finally {
            permits.release();
        }
        // @end
    }

    static void phaser(Phaser phaser) throws InterruptedException {
        // @start region="phaser"
        phaser.awaitAdvanceInterruptibly(phaser.arrive()); // not arriveAndAwaitAdvance()
        // @end
    }

    static void condition(Condition notEmpty, BlockingQueue<String> queue)
            throws InterruptedException {
        // @start region="condition"
        while (queue.isEmpty()) {
            notEmpty.await(); // not awaitUninterruptibly()
        }
        // @end
    }

    static void lock(Lock lock, Runnable work) throws InterruptedException {
        // @start region="lock"
        lock.lockInterruptibly(); // not lock()
        try {
            work.run();
        } finally {
            lock.unlock();
        }
        // @end
    }

    static void stampedLock(StampedLock lock, Runnable work) throws InterruptedException {
        // @start region="stampedLock"
        long stamp = lock.writeLockInterruptibly(); // not writeLock()
        try {
            work.run();
        } finally {
            lock.unlockWrite(stamp);
        }
        // @end
    }

    // @start region="monitor"
    private static final ReentrantLock ACCOUNT = new ReentrantLock(); // not synchronized

    static void book(Runnable booking) throws InterruptedException {
        ACCOUNT.lockInterruptibly();
        try {
            booking.run();
        } finally {
            ACCOUNT.unlock();
        }
    }

    // @end

    static byte[] stream(ProcessBuilder command) throws IOException, InterruptedException {
        // @start region="stream"
        Process process = command.start();
        byte[] output =
                CancelScope.onCancel(
                        process::destroy, () -> process.getInputStream().readAllBytes());
        // @end
        return output;
    }

    static void fileChannel(FileChannel channel, ByteBuffer buffer) throws InterruptedException {
        // @start region="fileChannel"
        TaskGroup.run(
                config -> config.withThreadFactory(Thread.ofPlatform().factory()),
                group -> group.fork("copy", () -> channel.read(buffer)));
        // @end
    }

    static int socket(Socket socket, byte[] buffer) throws IOException, InterruptedException {
        InputStream in = socket.getInputStream();
        // @start region="socket"
        int read = CancelScope.onCancel(socket::close, () -> in.read(buffer));
        // @end
        return read;
    }

    static InetAddress hostLookup(ServiceGroup lookUps, String host) throws InterruptedException {
        // @start region="hostLookup"
        Task<InetAddress> lookUp = lookUps.fork(() -> InetAddress.getByName(host));
        InetAddress address = lookUp.await(); // this wait ends, the look-up goes on
        // @end
        return address;
    }

    static void jdbc(PreparedStatement statement) throws SQLException, InterruptedException {
        // @start region="jdbc"
        try (ResultSet rows =
                CancelScope.onCancel(statement::cancel, () -> statement.executeQuery())) {
            rows.next();
        }
        // @end
    }

    static byte[] nativeCall(Decoder decoder) throws IOException, InterruptedException {
        // @start region="native"
        byte[] image = CancelScope.onCancel(decoder::abort, () -> decoder.decode());
        // @end
        return image;
    }

    static void busy(Image image) throws InterruptedException {
        // @start region="busy"
        for (int column = 0; column < image.width(); column++) {
            CancelScope.checkpoint();
            image.shade(column);
        }
        // @end
    }

    static void swallowed(BlockingQueue<Image> images) throws InterruptedException {
        // @start region="swallowed"
        while (true) { // no catch (InterruptedException e) in here
            Image image = images.take();
            try {
                busy(image);
            } catch (IllegalStateException e) {
                // this image is broken, the next one may not be
            }
        }
        // @end
    }

    static void noCarrier(Image image) throws InterruptedException {
        // @start region="noCarrier"
        TaskGroup.run(
                config -> config.withThreadFactory(Thread.ofPlatform().factory()),
                group -> group.fork("shade", () -> busy(image)));
        // @end
    }
}
