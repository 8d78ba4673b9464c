package dev.curfew.soak;

import dev.curfew.CancelScope;
import dev.curfew.FailurePolicy;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.WaitCycleException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One random program: a tree of groups, scopes and tasks that block, fail, swallow interrupts and
 * are cancelled from everywhere. What it does is decided by its seed; how the threads interleave is
 * not.
 */
final class SoakProgram {
    private static final int DEPTH = 5;
    private static final int BUDGET = 400;

    private final SplittableRandom seeds;
    private final SoakRecord record;
    private final ServiceGroup service;
    private final boolean platform;

    SoakProgram(long seed, SoakRecord record) {
        this.seeds = new SplittableRandom(seed);
        this.record = record;
        this.platform = seeds.nextInt(4) == 0;
        this.service =
                ServiceGroup.open(
                        "soak-service",
                        config -> config.withFailureHandler((task, e) -> record.handled(e)));
    }

    /** Runs it on this thread; returns when all of it has ended. */
    void run() throws Exception {
        List<Thread> chaos = new ArrayList<>();
        CountDownLatch stop = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            SplittableRandom rnd = seeds.split();
            chaos.add(Thread.ofPlatform().daemon().start(() -> chaos(rnd, stop)));
        }
        try {
            SplittableRandom rnd = seeds.split();
            record.leaves(() ->
                    CancelScope.run(scope -> {
                        record.cancellable(scope::cancel);
                        steps(rnd, DEPTH);
                    }));
        } finally {
            stop.countDown();
            service.close();
            for (Thread t : chaos) {
                t.join();
            }
        }
    }

    private void chaos(SplittableRandom rnd, CountDownLatch stop) {
        try {
            while (!stop.await(rnd.nextInt(1, 800), TimeUnit.MICROSECONDS)) {
                if (rnd.nextInt(3) == 0) {
                    record.cancelOne(rnd);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void steps(SplittableRandom rnd, int depth) throws Exception {
        int count = rnd.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            step(rnd, depth);
        }
    }

    private void step(SplittableRandom rnd, int depth) throws Exception {
        if (depth == 0 || record.budget() > BUDGET) {
            block(rnd);
            return;
        }
        switch (rnd.nextInt(16)) {
            case 0, 1, 2, 3 -> group(rnd, depth - 1);
            case 4 -> timeout(rnd, depth - 1);
            case 5 -> scope(rnd, depth - 1);
            case 6 -> shield(rnd, depth - 1);
            case 7 -> hooked(rnd, depth - 1);
            case 8 -> swallowing(rnd, depth - 1);
            case 9 -> cleaningUp(rnd, depth - 1);
            case 10 -> CancelScope.withoutInterrupts(() -> unchecked(() -> steps(rnd, depth - 1)));
            case 11 -> service(rnd, depth - 1);
            case 12 -> waiting(rnd);
            case 13 -> uncancelling(rnd);
            case 14 -> {
                if (rnd.nextInt(3) == 0) {
                    throw record.failure();
                }
                block(rnd);
            }
            default -> block(rnd);
        }
    }

    // ---- groups ------------------------------------------------------------------------------

    private void group(SplittableRandom rnd, int depth) throws Exception {
        boolean keepGoing = rnd.nextInt(4) == 0;
        List<Task<?>> tasks = new ArrayList<>();
        SplittableRandom forks = rnd.split();
        record.block(
                tasks,
                !keepGoing,
                () ->
                        TaskGroup.run(
                                config -> {
                                    var c =
                                            config.withFailureHandler(
                                                    (task, e) -> record.handled(e));
                                    if (keepGoing) {
                                        c = c.withFailurePolicy(FailurePolicy.KEEP_GOING);
                                    }
                                    return platform
                                            ? c.withThreadFactory(Thread.ofPlatform().factory())
                                            : c;
                                },
                                group -> {
                                    record.cancellable(group::cancel);
                                    int n = forks.nextInt(0, 6);
                                    for (int i = 0; i < n; i++) {
                                        tasks.add(fork(group, forks.split(), depth));
                                    }
                                    unchecked(() -> steps(rnd, depth));
                                    if (rnd.nextInt(8) == 0) {
                                        group.cancel("by its body");
                                    }
                                    if (rnd.nextInt(8) == 0) {
                                        group.join();
                                    }
                                }));
    }

    private Task<?> fork(TaskGroup group, SplittableRandom rnd, int depth) {
        return record.fork(group, () -> unchecked(() -> steps(rnd, depth)));
    }

    private void service(SplittableRandom rnd, int depth) {
        fork(service, rnd.split(), Math.min(depth, 2));
        if (rnd.nextInt(10) == 0) {
            service.cancel("soak");
        }
    }

    // ---- scopes ------------------------------------------------------------------------------

    private void timeout(SplittableRandom rnd, int depth) throws Exception {
        Duration limit = Duration.ofNanos(rnd.nextInt(0, 3_000_000));
        if (rnd.nextBoolean()) {
            record.expires(
                    () -> CancelScope.withTimeout(limit, () -> unchecked(() -> steps(rnd, depth))));
        } else {
            CancelScope.withTimeoutOrEmpty(
                    limit,
                    () -> {
                        unchecked(() -> steps(rnd, depth));
                        return true;
                    });
        }
    }

    private void scope(SplittableRandom rnd, int depth) throws Exception {
        CancelScope.run(scope -> {
            record.cancellable(scope::cancel);
            unchecked(() -> steps(rnd, depth));
            if (rnd.nextInt(4) == 0) {
                scope.cancel("by itself");
                block(rnd);
            }
        });
    }

    private void shield(SplittableRandom rnd, int depth) throws Exception {
        if (rnd.nextBoolean()) {
            CancelScope.shield(() -> unchecked(() -> steps(rnd, depth)));
        } else {
            record.expires(() ->
                    CancelScope.shield(
                            Duration.ofMillis(rnd.nextInt(1, 4)),
                            () -> unchecked(() -> steps(rnd, depth))));
        }
    }

    private void hooked(SplittableRandom rnd, int depth) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        boolean steps = rnd.nextBoolean();
        CancelScope.onCancel(
                cancelled::countDown,
                () -> {
                    if (cancelled.await(rnd.nextInt(0, 2000), TimeUnit.MICROSECONDS)
                            && rnd.nextBoolean()) {
                        throw new java.io.IOException("closed by the hook");
                    }
                    if (steps) {
                        unchecked(() -> steps(rnd, depth));
                    }
                });
    }

    // ---- code that handles interruption in its own way ------------------------------------------

    private void swallowing(SplittableRandom rnd, int depth) throws Exception {
        try {
            steps(rnd, depth);
        } catch (InterruptedException e) {
            switch (rnd.nextInt(4)) {
                case 0 -> {}
                case 1 -> Thread.currentThread().interrupt();
                case 2 -> throw new IllegalStateException("wrapped", e);
                default -> throw e;
            }
        }
    }

    private void cleaningUp(SplittableRandom rnd, int depth) throws Exception {
        SplittableRandom after = rnd.split();
        Throwable body = null;
        try {
            steps(rnd, depth);
        } catch (Exception e) {
            body = e;
            throw e;
        } finally {
            try {
                switch (after.nextInt(3)) {
                    case 0 -> CancelScope.shield(() -> block(after));
                    case 1 -> timeout(after, Math.min(1, depth));
                    default -> block(after);
                }
            } catch (Exception e) {
                if (body != null && body != e) {
                    e.addSuppressed(body);
                }
                throw e;
            }
        }
    }

    private void uncancelling(SplittableRandom rnd) throws Exception {
        try {
            block(rnd);
        } catch (InterruptedException e) {
            Task<?> task = Task.current().orElse(null);
            if (task == null || task.cancelling() == 0) {
                throw e;
            }
            task.uncancel();
        }
    }

    // ---- blocking ------------------------------------------------------------------------------

    private void waiting(SplittableRandom rnd) throws InterruptedException {
        Task<?> task = record.anyTask(rnd);
        if (task == null) {
            return;
        }
        try {
            switch (rnd.nextInt(4)) {
                case 0 -> record.joined(task, () -> task.cancelAndJoin());
                case 1 -> {
                    var unused = task.joinWithin(Duration.ofMillis(2));
                }
                case 2 -> task.join();
                default -> task.cancel("by another task");
            }
        } catch (WaitCycleException e) {
            record.cycles.increment();
        }
    }

    private void block(SplittableRandom rnd) throws InterruptedException {
        int micros = rnd.nextInt(0, 1500);
        switch (rnd.nextInt(7)) {
            case 0 -> Thread.sleep(0, micros * 1000 % 999_999);
            case 1 -> new LinkedBlockingQueue<Integer>().poll(micros, TimeUnit.MICROSECONDS);
            case 2 -> new ReentrantLock().newCondition();
            case 3 -> LockSupport.parkNanos(micros * 1000L);
            case 4 -> CancelScope.sleep(Duration.ofNanos(micros * 1000L));
            case 5 -> CancelScope.checkpoint();
            default -> {
                Object monitor = new Object();
                synchronized (monitor) {
                    monitor.wait(1);
                }
            }
        }
    }

    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** Interrupts as they are, other checked exceptions wrapped. */
    private static void unchecked(Step step) throws InterruptedException {
        try {
            step.run();
        } catch (RuntimeException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
