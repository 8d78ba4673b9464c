package dev.curfew.soak;

import dev.curfew.CancelScope;
import dev.curfew.FailurePolicy;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * A program whose thread is interrupted once, by somebody else, and that has no other cancellation
 * of its own: the interrupt surfaces once, as an exception or as the status, and not in its tasks.
 */
final class SoakStranger {
    private static final int DEPTH = 3;

    private final SplittableRandom seeds;
    private final SoakRecord record;

    SoakStranger(long seed, SoakRecord record) {
        this.seeds = new SplittableRandom(seed);
        this.record = record;
    }

    /** On this thread. */
    void run() {
        Thread caller = Thread.currentThread();
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        SplittableRandom rnd = seeds.split();
        record.cancels.increment();
        SoakHelpers.later(
                rnd.nextInt(3000),
                () -> {
                    caller.interrupt();
                    sent.complete(true);
                });
        Throwable thrown = null;
        try {
            steps(rnd, DEPTH);
        } catch (Exception e) {
            thrown = e;
        }
        sent.join();
        int times =
                (thrown instanceof InterruptedException ? 1 : 0) + (Thread.interrupted() ? 1 : 0);
        if (times != 1) {
            record.broken("one interrupt surfaced " + times + " times, last by " + thrown);
        }
    }

    private void steps(SplittableRandom rnd, int depth) throws Exception {
        int count = rnd.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            step(rnd, depth);
        }
    }

    private void step(SplittableRandom rnd, int depth) throws Exception {
        if (depth == 0) {
            SoakBlocking.block(rnd);
            return;
        }
        switch (rnd.nextInt(9)) {
            case 0, 1 -> group(rnd, depth - 1);
            case 2 -> {
                var unused = CancelScope.run(_ -> body(rnd, depth - 1));
            }
            case 3 -> CancelScope.withTimeout(Duration.ofHours(1), () -> body(rnd, depth - 1));
            case 4 -> CancelScope.shield(() -> body(rnd, depth - 1));
            case 5 -> CancelScope.onCancel(() -> {}, () -> body(rnd, depth - 1));
            case 6 -> service(rnd);
            case 7 -> together(rnd);
            default -> SoakBlocking.block(rnd);
        }
    }

    private void body(SplittableRandom rnd, int depth) throws InterruptedException {
        SoakProgram.unchecked(() -> steps(rnd, depth));
    }

    private void group(SplittableRandom rnd, int depth) throws InterruptedException {
        TaskGroup.run(
                config ->
                        config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                .withFailureHandler(record::handled),
                group -> {
                    SoakGroup mine = new SoakGroup(record, group, false);
                    Task<?> last = null;
                    int n = rnd.nextInt(4);
                    for (int i = 0; i < n; i++) {
                        SplittableRandom own = rnd.split();
                        last = record.fork(mine, SoakRecord.As.ORDINARY, () -> blockOrFail(own));
                    }
                    body(rnd, depth);
                    if (last != null && rnd.nextBoolean()) {
                        record.read.add(last);
                        if (rnd.nextBoolean()) {
                            last.join();
                        } else {
                            record.cancelAndJoin(last);
                        }
                    }
                });
    }

    private static void blockOrFail(SplittableRandom rnd) throws InterruptedException, IOException {
        SoakBlocking.block(rnd);
        if (rnd.nextInt(4) == 0) {
            throw new SoakRecord.Marked();
        }
    }

    private void service(SplittableRandom rnd) throws InterruptedException {
        ServiceGroup group =
                ServiceGroup.open("soak", config -> config.withFailureHandler(record::handled));
        SoakGroup mine = new SoakGroup(record, group, false);
        try {
            SplittableRandom own = rnd.split();
            record.fork(mine, SoakRecord.As.ORDINARY, () -> blockOrFail(own));
            if (rnd.nextBoolean()) {
                group.shutdown(Duration.ofMillis(1), Duration.ZERO);
            }
        } finally {
            group.close();
            mine.ended(null);
        }
    }

    private void together(SplittableRandom rnd) throws InterruptedException {
        List<Callable<Object>> works = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SplittableRandom own = rnd.split();
            works.add(
                    record.counted(() -> {
                        SoakProgram.unchecked(() -> SoakBlocking.block(own));
                        return own;
                    }));
        }
        // No race: that cancels its own body, and an interrupt that comes then merges with ours.
        if (rnd.nextBoolean()) {
            var unused = Tasks.settle(works);
        } else {
            Tasks.all(works);
        }
    }
}
