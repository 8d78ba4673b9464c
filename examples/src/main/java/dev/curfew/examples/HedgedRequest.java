package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.FailurePolicy;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks one replica, and the next one when that takes too long or fails; the first answer wins. */
public final class HedgedRequest {
    private HedgedRequest() {}

    /**
     * Returns the first answer; the other requests have ended by then.
     *
     * @throws IOException if every replica failed
     */
    public static <T> T ask(List<Callable<T>> replicas, Duration hedge)
            throws IOException, InterruptedException {
        return TaskGroup.call(
                config -> config.withName("hedge").withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> first(group, replicas, hedge));
    }

    private static <T> T first(TaskGroup group, List<Callable<T>> replicas, Duration hedge)
            throws IOException, InterruptedException {
        BlockingQueue<Outcome<T>> ended = new LinkedBlockingQueue<>();
        IOException failed = new IOException("no replica has answered");
        int started = 0;
        int over = 0;
        while (over < replicas.size()) {
            if (started < replicas.size()) {
                Task<T> request = group.fork(replicas.get(started++));
                request.onEnd(ended::add);
            }
            boolean last = started == replicas.size();
            Outcome<T> outcome = last ? ended.take() : poll(ended, hedge);
            switch (outcome) {
                case null -> {} // too slow: ask the next one as well
                case Outcome.Succeeded<T>(T answer) -> {
                    group.cancel("another replica has answered");
                    return answer;
                }
                case Outcome.Failed<T>(_, Throwable problem) -> {
                    over++;
                    failed.addSuppressed(problem);
                }
                case Outcome.Cancelled<T> _ -> over++;
            }
        }
        throw failed;
    }

    private static <T> @Nullable T poll(BlockingQueue<T> queue, Duration limit)
            throws InterruptedException {
        return queue.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    public static void main(String[] args) throws Exception {
        Callable<String> slow =
                () -> {
                    CancelScope.sleep(Duration.ofHours(1));
                    return "slow";
                };
        System.out.println(ask(List.of(slow, () -> "quick"), Duration.ofMillis(20)));
    }
}
