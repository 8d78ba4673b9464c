package dev.curfew;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Work without a value where nothing but a Callable will do. A task runs plain work itself: that is
 * one frame less on the stack of each blocked task, and in the trace of each exception that ends
 * one.
 */
record VoidBody(VoidWork<?> work) implements Callable<@Nullable Void> {

    /** A body as a Callable, which it is or is made. */
    static Callable<?> callable(Object body) {
        return body instanceof Callable<?> callable ? callable : new VoidBody((VoidWork<?>) body);
    }

    @Override
    public @Nullable Void call() throws Exception {
        work.run();
        return null;
    }
}
