package dev.curfew;

import dev.curfew.internal.tree.Node;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Scopes without a deadline: shields, hooks, and those cancelled by hand. */
final class Protected {
    private Protected() {}

    private static ScopeRun made(int flags) {
        ScopeRun run = ScopeRun.of(flags);
        run.node().made(System.nanoTime());
        return run;
    }

    static <T extends @Nullable Object, X extends Exception> T call(
            int flags, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        Objects.requireNonNull(work, "work");
        ScopeRun run = made(flags);
        T value = run.run(() -> {}, work);
        if (run.hasThrown()) {
            throw Shapes.<X>sneak(run.outward());
        }
        return value;
    }

    static <T extends @Nullable Object, X extends Exception> T hooked(
            CancelHook hook, Work<? extends T, ? extends X> work) throws X, InterruptedException {
        Objects.requireNonNull(work, "work");
        ScopeRun run = made(Node.HOOK);
        T value = run.run(() -> run.strand().addHook(run.node(), true, hook::cancel), work);
        if (run.hasThrown()) {
            throw Shapes.<X>sneak(run.outward());
        }
        return value;
    }

    static <T extends @Nullable Object, X extends Exception> Outcome<T> scoped(
            ScopeWork<? extends T, ? extends X> work) throws X, InterruptedException {
        Objects.requireNonNull(work, "work");
        ScopeRun run = made(0);
        CancelScope scope = new CancelScope(run.node());
        run.node().attach(scope);
        T value = run.<T>run(() -> {}, () -> work.run(scope));
        if (!run.hasThrown()) {
            return new Outcome.Succeeded<>(value);
        }
        CancelReason reason = run.endedBy();
        if (reason == null) {
            throw Shapes.<X>sneak(run.outward());
        }
        return new Outcome.Cancelled<>(null, reason, run.thrown());
    }
}
