package dev.curfew;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Work without a value on its way to a task, which runs the work itself: one frame less on the
 * stack of each blocked task, and in the trace of each exception that ends one.
 */
record VoidBody(VoidWork<?> work) implements Callable<@Nullable Void> {

    /** What a task is to keep of a body: {@code VoidWork}, or a {@code Callable}. */
    static Object unwrapped(Callable<?> body) {
        return body instanceof VoidBody v && !(v.work instanceof Callable) ? v.work : body;
    }

    @Override
    public @Nullable Void call() throws Exception {
        work.run();
        return null;
    }
}
