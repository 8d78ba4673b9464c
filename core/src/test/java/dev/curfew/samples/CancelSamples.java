package dev.curfew.samples;

import dev.curfew.CancelScope;
import dev.curfew.Deadline;
import dev.curfew.DeadlineExceededException;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What the guide's page on cancellation shows. */
final class CancelSamples {
    private CancelSamples() {}

    interface Feed extends AutoCloseable {
        void follow() throws IOException, InterruptedException;

        @Override
        void close();
    }

    // @start region="one"
    static void followFor(Feed feed, CountDownLatch enough) throws InterruptedException {
        TaskGroup.run(group -> {
            Task<?> follower = group.fork("follower", feed::follow);
            enough.await();
            follower.cancelAndJoin(); // has ended here, its clean-up included
            feed.close();
        });
    }

    // @end

    // @start region="timeout"
    static String answerOrSorry(Task<String> task) throws InterruptedException {
        try {
            return CancelScope.withTimeout(Duration.ofSeconds(2), task::await);
        } catch (DeadlineExceededException late) {
            return "sorry"; // the wait was cut short; the task goes on
        }
    }

    // @end

    // @start region="or-empty"
    static Optional<String> ifQuick(FirstSample.Shop shop, String item)
            throws IOException, InterruptedException {
        return CancelScope.withTimeoutOrEmpty(Duration.ofMillis(200), () -> shop.stock(item));
    }

    // @end

    // @start region="deadline"
    static String twoSteps(FirstSample.Shop shop, Deadline deadline)
            throws IOException, InterruptedException {
        String price = CancelScope.withDeadline(deadline, () -> shop.price("lamp"));
        String stock = CancelScope.withDeadline(deadline, () -> shop.stock("lamp"));
        return price + ", " + stock;
    }

    // @end

    // @start region="checkpoint"
    static long sum(int[] numbers) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (i % 1024 == 0) {
                CancelScope.checkpoint();
            }
            sum += numbers[i];
        }
        return sum;
    }

    // @end

    // @start region="by-hand"
    static Optional<String> search(List<String> lines, String word, Consumer<Runnable> stopButton)
            throws InterruptedException {
        Outcome<String> found =
                CancelScope.call(scope -> {
                    stopButton.accept(() -> scope.cancel("the user pressed stop"));
                    for (String line : lines) {
                        CancelScope.checkpoint();
                        if (line.contains(word)) {
                            return line;
                        }
                    }
                    return "nothing";
                });
        return found instanceof Outcome.Succeeded<String>(String line)
                ? Optional.of(line)
                : Optional.empty();
    }

    // @end

    // @start region="reschedule"
    static void download(List<Runnable> parts) throws InterruptedException {
        Duration patience = Duration.ofSeconds(30);
        CancelScope.withTimeout(
                patience,
                () -> {
                    for (Runnable part : parts) {
                        CancelScope.checkpoint();
                        part.run();
                        // each part that comes buys more time
                        CancelScope.current().reschedule(Deadline.after(patience));
                    }
                });
    }

    // @end

    // @start region="why"
    static String howItEnded(Task<?> task) throws InterruptedException {
        return task.cancelAndJoin() instanceof Outcome.Cancelled<?> cancelled
                ? cancelled.reason().kind() + ": " + cancelled.reason().message()
                : "it had ended before, or ended with a value or a failure";
    }
    // @end
}
