package dev.curfew.samples;

import dev.curfew.FailurePolicy;
import dev.curfew.ServiceGroup;
import java.util.Queue;

/** What the guide's page on services shows. */
final class ServiceSamples {
    private ServiceSamples() {}

    static ServiceGroup handler(Queue<String> problems) {
        // @start region="handler"
        ServiceGroup tasks =
                ServiceGroup.open(
                        "importer",
                        config ->
                                config.withFailureHandler((task, failure) ->
                                        problems.add(task.name() + ": " + failure)));
        // @end
        return tasks;
    }

    static ServiceGroup stopAtFailure() {
        // @start region="stop-at-failure"
        ServiceGroup tasks =
                ServiceGroup.open(
                        "server", config -> config.withFailurePolicy(FailurePolicy.CANCEL_GROUP));
        // @end
        return tasks;
    }
}
