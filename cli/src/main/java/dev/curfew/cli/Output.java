package dev.curfew.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/** Prints the commands' lines, each whole and with its command's name in front. */
final class Output {
    /** A longer line is printed in pieces. */
    private static final int LONGEST = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final OutputStream target;
    private final Runnable closed;
    private boolean broken;

    /**
     * @param closed is run once when nobody reads what is printed any more
     */
    Output(OutputStream target, Runnable closed) {
        this.target = target;
        this.closed = closed;
    }

    /** Copies from a pipe until its end; blocks its thread in a native call meanwhile. */
    void copy(int fd, String prefix) throws IOException {
        byte[] head = prefix.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(8192);
            for (int n = Posix.read(fd, buffer); n > 0; n = Posix.read(fd, buffer)) {
                byte[] bytes = buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
                for (byte b : bytes) {
                    if (b != '\n') {
                        line.write(b);
                    }
                    if (b == '\n' || line.size() >= LONGEST) {
                        print(head, line);
                    }
                }
            }
            if (line.size() > 0) {
                print(head, line);
            }
        } finally {
            Posix.close(fd);
        }
    }

    private void print(byte[] prefix, ByteArrayOutputStream line) {
        boolean brokenNow = false;
        lock.lock();
        try {
            if (!broken) {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                whole.writeBytes(prefix);
                line.writeTo(whole);
                whole.write('\n');
                whole.writeTo(target);
                target.flush();
            }
        } catch (IOException e) {
            broken = true;
            brokenNow = true;
        } finally {
            lock.unlock();
            line.reset();
        }
        if (brokenNow) {
            closed.run();
        }
    }
}
