package dev.curfew.testing;

import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import dev.curfew.VoidWork;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The kinds of thread that code can run on. */
public enum Kind {
    /** A task on a virtual thread. */
    VIRTUAL,
    /** A task on a platform thread. */
    PLATFORM,
    /** A thread that the library did not start. */
    FOREIGN;

    /** Runs the body on a thread of this kind; throws what it throws. */
    public void run(VoidWork<?> body) throws Exception {
        if (this == FOREIGN) {
            foreign(body);
            return;
        }
        try {
            TaskGroup.run(
                    config ->
                            this == VIRTUAL
                                    ? config
                                    : config.withThreadFactory(Thread.ofPlatform().factory()),
                    group -> group.fork(body));
        } catch (TaskFailedException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static void foreign(VoidWork<?> body) throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        body.run();
                        end.complete(null);
                    } catch (Throwable e) {
                        end.completeExceptionally(e);
                    }
                });
        try {
            end.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static Exception unwrapped(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return (Exception) e;
    }
}
