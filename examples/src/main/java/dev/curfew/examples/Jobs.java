package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Jobs that users start, list and stop by name; a stop is answered when the job has ended. */
public final class Jobs implements AutoCloseable {
    private final ServiceGroup tasks = ServiceGroup.open("jobs");
    private final Map<String, Task<String>> jobs = new ConcurrentHashMap<>();

    /**
     * Starts a job.
     *
     * @return false if one of that name runs
     */
    public boolean start(String name, Callable<String> body) {
        boolean[] started = new boolean[1];
        jobs.compute(
                name,
                (_, old) -> {
                    if (old != null && old.outcome().isEmpty()) {
                        return old;
                    }
                    started[0] = true;
                    return tasks.fork(name, body);
                });
        return started[0];
    }

    /** The names of the jobs that run. */
    public List<String> running() {
        return jobs.entrySet().stream()
                .filter(e -> e.getValue().outcome().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Stops a job, and says how it ended once it has. */
    public String stop(String name) throws InterruptedException {
        Task<String> job = jobs.get(name);
        if (job == null) {
            return "no job " + name;
        }
        return switch (job.cancelAndJoin()) {
            case Outcome.Succeeded<String>(String value) -> name + " was done: " + value;
            case Outcome.Failed<String>(_, Throwable e) -> name + " failed: " + e.getMessage();
            case Outcome.Cancelled<String> _ -> name + " is stopped";
        };
    }

    @Override
    public void close() {
        tasks.close();
    }

    public static void main(String[] args) throws InterruptedException {
        try (Jobs jobs = new Jobs()) {
            jobs.start(
                    "report",
                    () -> {
                        CancelScope.sleep(Duration.ofHours(1));
                        return "never";
                    });
            System.out.println(jobs.running());
            System.out.println(jobs.stop("report"));
        }
    }
}
