package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.Deadline;
import dev.curfew.DeadlineExceededException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Tries again after failures, with growing pauses, until a deadline. */
public final class Retry {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private Retry() {}

    /** What is tried. */
    public interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Returns the first value.
     *
     * @throws DeadlineExceededException if there was none in time; the last failure is suppressed
     *     in it
     */
    public static <T> T until(Deadline deadline, Duration pause, Attempt<T> attempt)
            throws InterruptedException {
        AtomicReference<IOException> last = new AtomicReference<>();
        try {
            return CancelScope.withDeadline(deadline, () -> loop(pause, attempt, last));
        } catch (DeadlineExceededException e) {
            Optional.ofNullable(last.get()).ifPresent(e::addSuppressed);
            throw e;
        }
    }

    private static <T> T loop(Duration first, Attempt<T> attempt, AtomicReference<IOException> last)
            throws InterruptedException {
        Duration pause = first;
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                last.set(e);
            }
            CancelScope.sleep(pause);
            Duration next = pause.multipliedBy(2);
            pause = next.compareTo(LONGEST) > 0 ? LONGEST : next;
        }
    }

    public static void main(String[] args) throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        String value =
                until(
                        Deadline.after(Duration.ofSeconds(30)),
                        Duration.ofMillis(1),
                        () -> {
                            if (attempts.incrementAndGet() < 3) {
                                throw new IOException("not yet");
                            }
                            return "there";
                        });
        System.out.println(value + " after " + attempts + " attempts");
    }
}
