package dev.curfew.soak;

import dev.curfew.CancelHook;
import dev.curfew.CancelScope;
import dev.curfew.Deadline;
import dev.curfew.DeadlineExceededException;
import dev.curfew.Registration;
import dev.curfew.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Scopes, shields and hooks, and code that handles interruption in its own way. */
final class SoakScopes {
    private final SoakProgram program;
    private final SoakRecord record;

    SoakScopes(SoakProgram program, SoakRecord record) {
        this.program = program;
        this.record = record;
    }

    void step(SplittableRandom rnd, int depth) throws Exception {
        int which = rnd.nextInt(9);
        try {
            switch (which) {
                case 0 -> timeout(rnd, depth);
                case 1 -> scope(rnd, depth);
                case 2 -> shield(rnd, depth);
                case 3 -> hooked(rnd, depth);
                case 4 -> registered(rnd, depth);
                case 5 -> swallowing(rnd, depth);
                case 6 -> cleaningUp(rnd, depth);
                case 7 -> CancelScope.withoutInterrupts(() -> program.body(rnd, depth));
                default -> protectedCleanUp(rnd, depth);
            }
        } finally {
            record.noStray("step " + which + " of scopes");
        }
    }

    // ---- scopes --------------------------------------------------------------------------------

    private void timeout(SplittableRandom rnd, int depth) throws Exception {
        Duration limit = Duration.ofNanos(rnd.nextInt(0, 3_000_000));
        switch (rnd.nextInt(3)) {
            case 0 -> expires(() -> CancelScope.withTimeout(limit, () -> program.body(rnd, depth)));
            case 1 ->
                    expires(() ->
                            CancelScope.withTimeout(
                                    limit,
                                    () -> {
                                        program.body(rnd, depth);
                                        Duration longer =
                                                Duration.ofNanos(rnd.nextInt(0, 2_000_000));
                                        CancelScope.current().reschedule(Deadline.after(longer));
                                        SoakBlocking.block(rnd);
                                    }));
            default -> {
                var unused =
                        CancelScope.withTimeoutOrEmpty(
                                limit,
                                () -> {
                                    program.body(rnd, depth);
                                    return true;
                                });
            }
        }
    }

    private static void expires(SoakProgram.Step scope) throws Exception {
        try {
            scope.run();
        } catch (DeadlineExceededException e) {
            // as it may
        }
    }

    private void scope(SplittableRandom rnd, int depth) throws Exception {
        var unused =
                CancelScope.run(scope -> {
                    record.cancellable(scope::cancel);
                    program.body(rnd, depth);
                    if (rnd.nextInt(4) == 0) {
                        scope.cancel("by itself");
                        SoakBlocking.block(rnd);
                    }
                });
    }

    private void shield(SplittableRandom rnd, int depth) throws Exception {
        if (rnd.nextBoolean()) {
            CancelScope.shield(() -> program.body(rnd, depth));
        } else {
            expires(() ->
                    CancelScope.shield(
                            Duration.ofMillis(rnd.nextInt(1, 4)), () -> program.body(rnd, depth)));
        }
    }

    /** What blocks in a shield, in no scope of its own, is not told of anything. */
    private void protectedCleanUp(SplittableRandom rnd, int depth) throws Exception {
        try {
            program.steps(rnd, depth);
        } finally {
            shielded(rnd.split());
        }
    }

    private void shielded(SplittableRandom rnd) throws Exception {
        CancelScope.shield(() -> {
            try {
                SoakBlocking.block(rnd);
            } catch (InterruptedException | IOException e) {
                record.broken("told in a shield: " + e + List.of(e.getStackTrace()).subList(0, 6));
            }
        });
    }

    // ---- hooks ---------------------------------------------------------------------------------

    /** Runs at most once, not in a shield of the code, and not once that has gone on. */
    private final class Hook implements CancelHook {
        final CountDownLatch ran = new CountDownLatch(1);
        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();
        volatile boolean over;
        volatile boolean inShield;

        @Override
        public void cancel() {
            if (begun.incrementAndGet() > 1 || over || inShield) {
                record.broken(
                        "a hook ran " + begun + " times, over=" + over + ", shield=" + inShield);
            }
            ran.countDown();
            Thread.onSpinWait();
            ended.incrementAndGet();
        }

        /** By the code, in the place where it is registered. */
        void inShield(SplittableRandom rnd) throws InterruptedException {
            CancelScope.shield(() -> {
                inShield = true;
                SoakProgram.unchecked(() -> SoakBlocking.block(rnd));
                inShield = false;
            });
        }

        void over() {
            over = true;
            if (begun.get() > 0) {
                Task.current().ifPresent(record.hooked::add);
            }
            if (begun.get() != ended.get()) {
                record.broken("a hook goes on after its block");
            }
        }
    }

    private void hooked(SplittableRandom rnd, int depth) throws Exception {
        Hook hook = new Hook();
        int then = rnd.nextInt(3);
        try {
            CancelScope.onCancel(
                    hook,
                    () -> {
                        if (hook.ran.await(rnd.nextInt(0, 2000), TimeUnit.MICROSECONDS)
                                && rnd.nextBoolean()) {
                            throw new IOException("closed by the hook");
                        }
                        switch (then) {
                            case 0 -> program.body(rnd, depth);
                            case 1 -> hook.inShield(rnd);
                            default -> {}
                        }
                    });
        } finally {
            hook.over();
        }
    }

    private void registered(SplittableRandom rnd, int depth) throws Exception {
        Hook hook = new Hook();
        try (Registration _ = CancelScope.addHook(hook)) {
            if (rnd.nextBoolean()) {
                hook.inShield(rnd);
            }
            program.body(rnd, depth);
        } finally {
            hook.over();
        }
    }

    // ---- code that handles interruption in its own way ------------------------------------------

    private void swallowing(SplittableRandom rnd, int depth) throws Exception {
        try {
            program.steps(rnd, depth);
        } catch (InterruptedException e) {
            switch (rnd.nextInt(4)) {
                case 0 -> {}
                case 1 -> setAgain();
                case 2 -> throw new IllegalStateException("wrapped", e);
                default -> throw e;
            }
        } catch (IOException e) {
            if (rnd.nextBoolean()) {
                throw e;
            }
        }
    }

    /** Not after a request was withdrawn: the exception may be of that one. */
    private void setAgain() {
        if (Task.current().filter(record.withdrew::contains).isEmpty()) {
            Thread.currentThread().interrupt();
        }
    }

    private void cleaningUp(SplittableRandom rnd, int depth) throws Exception {
        SplittableRandom after = rnd.split();
        Throwable body = null;
        try {
            program.steps(rnd, depth);
        } catch (Exception e) {
            body = e;
            throw e;
        } finally {
            try {
                switch (after.nextInt(4)) {
                    case 0 -> shielded(after);
                    case 1 -> timeout(after, Math.min(1, depth));
                    case 2 -> {
                        if (after.nextInt(3) == 0) {
                            throw new SoakRecord.Marked();
                        }
                    }
                    default -> SoakBlocking.block(after);
                }
            } catch (Exception e) {
                if (body != null && body != e) {
                    e.addSuppressed(body);
                }
                throw e;
            }
        }
    }
}
