package dev.curfew.soak;

import dev.curfew.CancelScope;
import dev.curfew.Config;
import dev.curfew.FailurePolicy;
import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.WaitCycleException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

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
    private final SoakGroup service;
    private final SoakScopes scopes;
    private final SoakTogether together;
    private final boolean platform;

    SoakProgram(long seed, SoakRecord record) {
        this.seeds = new SplittableRandom(seed);
        this.record = record;
        this.platform = seeds.nextInt(4) == 0;
        this.scopes = new SoakScopes(this, record);
        this.together = new SoakTogether(this, record);
        this.service = openService("soak-service");
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
            outermost(seeds.split());
        } finally {
            stop.countDown();
            together.end(service, seeds.split());
            for (Thread t : chaos) {
                t.join();
            }
            record.unclosed.forEach(ServiceGroup::close);
        }
        record.groups.stream()
                .filter(group -> group.group() instanceof ServiceGroup)
                .forEach(group -> group.ended(null));
    }

    private void chaos(SplittableRandom rnd, CountDownLatch stop) {
        try {
            while (!stop.await(rnd.nextInt(1, 800), TimeUnit.MICROSECONDS)) {
                Task<?> task = rnd.nextInt(30) == 0 ? record.anyTask(rnd) : null;
                if (task != null) {
                    record.cancelAndJoin(task);
                } else if (rnd.nextInt(3) == 0) {
                    record.cancelOne(rnd);
                }
            }
        } catch (InterruptedException e) {
            record.broken("a stray interrupt of a thread that only cancels: " + e);
        }
    }

    /** Nobody interrupts this thread, so what cancels the scope is seen inside of it, and ends. */
    private void outermost(SplittableRandom rnd) {
        AtomicBoolean cancelled = new AtomicBoolean();
        boolean[] late = new boolean[1];
        try {
            Outcome<Boolean> outcome =
                    CancelScope.call(scope -> {
                        record.cancellable(() -> {
                            boolean inTime = scope.cancel();
                            cancelled.set(inTime);
                            return inTime;
                        });
                        try {
                            steps(rnd, DEPTH);
                        } finally {
                            late[0] = cancelled.get();
                            CancelScope.checkpoint();
                        }
                        return true;
                    });
            if (late[0] && outcome instanceof Outcome.Succeeded) {
                record.broken("a checkpoint of a cancelled scope did not throw");
            }
        } catch (InterruptedException e) {
            record.broken("an interruption left the outermost scope: " + e);
        } catch (Exception e) {
            // as it may
        }
        record.noStray("the outermost scope");
        try {
            CancelScope.checkpoint();
        } catch (InterruptedException e) {
            record.broken("a cancellation surfaced once more after its scope: " + e);
        }
    }

    // ---- steps ---------------------------------------------------------------------------------

    void steps(SplittableRandom rnd, int depth) throws Exception {
        int count = rnd.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            step(rnd, depth);
        }
    }

    /** The same, as a body that throws no checked exception of its own. */
    void body(SplittableRandom rnd, int depth) throws InterruptedException {
        unchecked(() -> steps(rnd, depth));
    }

    private void step(SplittableRandom rnd, int depth) throws Exception {
        if (depth == 0 || record.budget() > BUDGET) {
            SoakBlocking.block(rnd);
            return;
        }
        switch (rnd.nextInt(20)) {
            case 0, 1, 2, 3 -> group(rnd, depth - 1);
            case 4, 5, 6, 7, 8, 9, 10 -> scopes.step(rnd, depth - 1);
            case 11, 12 -> together.step(rnd, depth - 1);
            case 13 -> elsewhere(rnd, depth - 1);
            case 14 -> waiting(rnd);
            case 15 -> uncancelling(rnd);
            case 16 -> {
                if (rnd.nextInt(3) == 0) {
                    throw new SoakRecord.Marked();
                }
                SoakBlocking.block(rnd);
            }
            default -> SoakBlocking.block(rnd);
        }
    }

    // ---- groups ------------------------------------------------------------------------------

    Config config(Config config, SplittableRandom rnd) {
        Config c = config.withFailureHandler(record::handled);
        if (rnd.nextInt(6) == 0) {
            c = c.withRedelivery(Duration.ofNanos(rnd.nextInt(300_000, 3_000_000)));
        }
        return platform ? c.withThreadFactory(Thread.ofPlatform().factory()) : c;
    }

    private void group(SplittableRandom rnd, int depth) throws Exception {
        boolean keepGoing = rnd.nextInt(4) == 0;
        SplittableRandom forks = rnd.split();
        SoakGroup[] mine = {null};
        Throwable thrown = null;
        try {
            TaskGroup.run(
                    config -> {
                        Config c = config(config, forks);
                        return keepGoing ? c.withFailurePolicy(FailurePolicy.KEEP_GOING) : c;
                    },
                    group -> {
                        record.cancellable(group::cancel);
                        mine[0] = new SoakGroup(record, group, !keepGoing);
                        record.groups.add(mine[0]);
                        int n = forks.nextInt(0, 6);
                        for (int i = 0; i < n; i++) {
                            fork(mine[0], forks.split(), depth);
                        }
                        body(rnd, depth);
                        if (rnd.nextInt(8) == 0) {
                            group.cancel("by its body");
                        }
                        if (rnd.nextInt(8) == 0) {
                            group.join();
                        }
                    });
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            if (mine[0] != null) {
                mine[0].ended(thrown);
            }
            record.noStray("a group");
        }
    }

    void fork(SoakGroup group, SplittableRandom rnd, int depth) throws InterruptedException {
        SoakRecord.As as =
                switch (rnd.nextInt(10)) {
                    case 0 -> SoakRecord.As.ISOLATED;
                    case 1 -> SoakRecord.As.BACKGROUND;
                    case 2 -> SoakRecord.As.STARTED;
                    default -> SoakRecord.As.ORDINARY;
                };
        record.fork(group, as, () -> body(rnd, depth));
    }

    SoakGroup openService(String name) {
        SplittableRandom rnd = seeds.split();
        SoakGroup group =
                new SoakGroup(
                        record, ServiceGroup.open(name, config -> config(config, rnd)), false);
        record.groups.add(group);
        return group;
    }

    /** Into a group that is not the one around. */
    private void elsewhere(SplittableRandom rnd, int depth) throws InterruptedException {
        SoakGroup group = rnd.nextBoolean() ? service : record.anyGroup(rnd);
        fork(group, rnd.split(), Math.min(depth, 2));
        if (rnd.nextInt(20) == 0) {
            service.group().cancel("soak");
        }
    }

    // ---- other tasks ---------------------------------------------------------------------------

    private void waiting(SplittableRandom rnd) throws InterruptedException {
        Task<?> task = record.anyTask(rnd);
        if (task == null) {
            return;
        }
        try {
            switch (rnd.nextInt(4)) {
                case 0 -> record.cancelAndJoin(task);
                case 1 -> {
                    record.read.add(task);
                    var unused = task.joinWithin(Duration.ofMillis(2));
                }
                case 2 -> {
                    record.read.add(task);
                    task.join();
                }
                default -> task.cancel("by another task");
            }
        } catch (WaitCycleException e) {
            record.cycles.increment();
        }
    }

    private void uncancelling(SplittableRandom rnd) throws Exception {
        try {
            SoakBlocking.block(rnd);
        } catch (InterruptedException e) {
            Task<?> task = Task.current().orElse(null);
            if (task == null || task.cancelling() == 0) {
                throw e;
            }
            record.withdrew.add(task);
            task.uncancel();
        }
    }

    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** Interrupts as they are, other checked exceptions wrapped. */
    static void unchecked(Step step) throws InterruptedException {
        try {
            step.run();
        } catch (RuntimeException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
