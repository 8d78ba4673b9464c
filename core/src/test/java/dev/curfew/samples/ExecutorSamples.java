package dev.curfew.samples;

import dev.curfew.ServiceGroup;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/** What the documentation of the view of a group as an executor shows. */
final class ExecutorSamples {
    private ExecutorSamples() {}

    static String fastest(ServiceGroup group, List<Callable<String>> mirrors)
            throws InterruptedException, ExecutionException {
        // @start region="executor"
        try (ExecutorService executor = group.asExecutorService()) {
            return executor.invokeAny(mirrors);
        } // waits for the losers' clean-up; the group stays open
        // @end
    }
}
