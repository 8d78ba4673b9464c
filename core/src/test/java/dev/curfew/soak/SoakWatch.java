package dev.curfew.soak;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.StrandTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program with short patience in which some tasks will not stop. Each of those is named, as what
 * it is; and no other one: not who ended in time, nor who only waits for one, nor who was not
 * asked.
 */
final class SoakWatch {
    private static final Duration PATIENCE = Duration.ofMillis(30);
    private static final long LIMIT_NANOS = 40_000_000_000L;

    private record Told(Report id, String message) {
        boolean names(Task<?> task) {
            return message.contains(task.name() + " [" + task.id() + "] was asked to stop");
        }
    }

    private final SplittableRandom rnd;
    private final SoakRecord record;
    private final ServiceGroup service;
    private final CompletableFuture<Boolean> release = new CompletableFuture<>();
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Map<Task<?>, Report> stuck = new ConcurrentHashMap<>();
    private final Map<Task<?>, Long> ends = new ConcurrentHashMap<>();
    private final List<Task<?>> waiters = new ArrayList<>();

    SoakWatch(long seed, SoakRecord record) {
        this.rnd = new SplittableRandom(seed);
        this.record = record;
        this.service =
                ServiceGroup.open("soak-watch-" + seed, config -> config.withPatience(PATIENCE));
    }

    /** Takes the reports of this program; of others running beside it there are none. */
    void reported(Report id, String message, @Nullable Throwable problem) {
        if (id == Report.STUCK || id == Report.CLEANUP_SLOW || id == Report.SHIELD_LONG) {
            told.add(new Told(id, message));
        } else if (id != Report.ABSORBED && id != Report.INTERRUPT_BLOCKED) {
            record.broken("reported " + id + ": " + message + ": " + problem);
        }
    }

    void run() throws InterruptedException {
        try {
            int n = rnd.nextInt(2, 9);
            for (int i = 0; i < n; i++) {
                fork(rnd.nextInt(5));
            }
            waiters.forEach(SoakWatch::awaitItsWait);
            long asked = System.nanoTime();
            record.cancels.increment();
            service.cancel("soak");
            Task<?> notAsked = fork("not-asked", release::join, new CountDownLatch(0));
            awaitNames();
            checkOthers(notAsked, asked + PATIENCE.toNanos());
        } finally {
            release.complete(true);
            service.close();
        }
    }

    // ---- the tasks -----------------------------------------------------------------------------

    private void fork(int kind) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        switch (kind) {
            case 0 -> stuck.put(fork("deaf", release::join, begun), Report.STUCK);
            case 1 -> stuck.put(fork("slow", this::slow, begun), Report.CLEANUP_SLOW);
            case 2 ->
                    stuck.put(
                            fork("shielded", () -> CancelScope.shield(release::join), begun),
                            Report.SHIELD_LONG);
            case 3 -> {
                CompletableFuture<Task<?>> child = new CompletableFuture<>();
                waiters.add(fork("parent", () -> parent(child), begun));
                stuck.put(child.join(), Report.STUCK);
            }
            default -> fork("willing", () -> new CountDownLatch(1).await(), begun);
        }
        begun.await();
    }

    private Task<?> fork(String name, SoakProgram.Step body, CountDownLatch begun) {
        return listed(
                service.fork(
                        name,
                        () -> {
                            counted(begun, body);
                            return null;
                        }));
    }

    private Task<?> listed(Task<?> task) {
        record.forked.incrementAndGet();
        task.onEnd(_ -> ends.put(task, System.nanoTime()));
        return task;
    }

    private void counted(CountDownLatch begun, SoakProgram.Step body) throws Exception {
        record.started.incrementAndGet();
        begun.countDown();
        try {
            body.run();
        } finally {
            record.ended.incrementAndGet();
        }
    }

    private void slow() {
        while (!release.isDone()) {
            try {
                release.get();
            } catch (InterruptedException e) {
                // and waits on
            } catch (java.util.concurrent.ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void parent(CompletableFuture<Task<?>> child) throws InterruptedException {
        TaskGroup.run(group -> {
            CountDownLatch begun = new CountDownLatch(1);
            Task<?> task =
                    listed(
                            group.fork(
                                    "child",
                                    () -> {
                                        counted(begun, release::join);
                                        return null;
                                    }));
            begun.await();
            child.complete(task);
        });
    }

    private static void awaitItsWait(Task<?> parent) {
        Strand strand = StrandTable.find(parent.id());
        while (strand.top().members() == null || !strand.top().members().endAwaited()) {
            LockSupport.parkNanos(50_000);
        }
    }

    // ---- what is said of them ------------------------------------------------------------------

    private void awaitNames() {
        long end = System.nanoTime() + LIMIT_NANOS;
        for (Map.Entry<Task<?>, Report> s : stuck.entrySet()) {
            while (told.stream().noneMatch(t -> t.id == s.getValue() && t.names(s.getKey()))) {
                if (System.nanoTime() - end > 0) {
                    record.broken(s.getKey() + " was not named as " + s.getValue() + ": " + told);
                    return;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /**
     * @param due when the watch looks, or later
     */
    private void checkOthers(Task<?> notAsked, long due) {
        ends.forEach((task, end) -> {
            boolean never = task == notAsked || waiters.contains(task);
            boolean inTime = !stuck.containsKey(task) && end - due < 0;
            if ((never || inTime) && told.stream().anyMatch(t -> t.names(task))) {
                record.broken(task + " was named without need: " + told);
            }
        });
    }
}
