package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.FailurePolicy;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks every shard and takes what came in time; each shard is told how much time there is. */
public final class ScatterGather {
    private ScatterGather() {}

    /** A part of the data. */
    public interface Shard {
        /**
         * @param left the time for this call, which the shard may hand on
         */
        List<String> search(String text, Duration left) throws Exception;
    }

    /** What was found, and how many shards had nothing to say in time. */
    public record Found(List<String> hits, int missing) {}

    /** Searches all shards. The limit of a scope around this counts too. */
    public static Found search(List<Shard> shards, String text, Duration limit)
            throws InterruptedException {
        List<Task<List<String>>> tasks = new ArrayList<>();
        TaskGroup.run(
                config -> config.withName("search").withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    for (Shard shard : shards) {
                        tasks.add(group.fork(() -> ask(shard, text, limit)));
                    }
                    for (Task<?> task : tasks) {
                        task.join(); // reads its outcome: a shard's failure is dealt with below
                    }
                });
        List<String> hits = new ArrayList<>();
        int missing = 0;
        for (Task<List<String>> task : tasks) {
            if (task.join() instanceof Outcome.Succeeded<List<String>>(List<String> some)) {
                hits.addAll(some);
            } else {
                missing++;
            }
        }
        return new Found(hits, missing);
    }

    private static List<String> ask(Shard shard, String text, Duration limit) throws Exception {
        return CancelScope.withTimeout(
                limit, () -> shard.search(text, CancelScope.remaining().orElse(limit)));
    }

    public static void main(String[] args) throws InterruptedException {
        Shard quick = (text, _) -> List.of(text + " found");
        Shard slow =
                (_, _) -> {
                    CancelScope.sleep(Duration.ofHours(1));
                    return List.of();
                };
        System.out.println(search(List.of(quick, slow), "lamp", Duration.ofMillis(50)));
    }
}
