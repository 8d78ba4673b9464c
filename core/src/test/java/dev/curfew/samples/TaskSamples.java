package dev.curfew.samples;

import dev.curfew.FailurePolicy;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What the guide's page on tasks and groups shows. */
final class TaskSamples {
    private TaskSamples() {}

    interface Shop {
        int price(String item) throws IOException, InterruptedException;

        void order(String item) throws IOException, InterruptedException;
    }

    // @start region="sum"
    static int sum(Shop shop) throws InterruptedException {
        return TaskGroup.call(group -> {
            Task<Integer> lamp = group.fork("lamp", () -> shop.price("lamp"));
            Task<Integer> desk = group.fork("desk", () -> shop.price("desk"));
            return lamp.await() + desk.await();
        });
    }

    // @end

    // @start region="void"
    static void orderAll(Shop shop, List<String> items) throws InterruptedException {
        TaskGroup.run(group -> {
            for (String item : items) {
                group.fork(() -> shop.order(item));
            }
        }); // all orders have ended here
    }

    // @end

    // @start region="failure"
    static int sumOrIOException(Shop shop) throws IOException, InterruptedException {
        try {
            return sum(shop);
        } catch (TaskFailedException e) {
            e.rethrow(IOException.class); // throws the cause, if it is one
            throw e;
        }
    }

    // @end

    // @start region="keep-going"
    static List<String> tryAll(List<Callable<String>> steps) throws InterruptedException {
        return TaskGroup.call(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    List<Task<String>> tasks = new ArrayList<>();
                    for (Callable<String> step : steps) {
                        tasks.add(group.fork(step));
                    }
                    List<String> shown = new ArrayList<>();
                    for (Task<String> task : tasks) {
                        shown.add(
                                switch (task.join()) {
                                    case Outcome.Succeeded<String>(String value) -> value;
                                    case Outcome.Failed<String>(_, Throwable e) -> "failed: " + e;
                                    case Outcome.Cancelled<String> c -> "cancelled: " + c.reason();
                                });
                    }
                    return shown;
                });
    }
    // @end
}
