package dev.curfew.soak;

import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.ShutdownReport;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.Tasks;
import dev.curfew.WaitCycleException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks that the library forks: Tasks, the view as an executor; and groups that are shut down. */
final class SoakTogether {
    private final SoakProgram program;
    private final SoakRecord record;

    SoakTogether(SoakProgram program, SoakRecord record) {
        this.program = program;
        this.record = record;
    }

    void step(SplittableRandom rnd, int depth) throws Exception {
        int which = rnd.nextInt(7);
        try {
            switch (which) {
                case 0 -> all(new Works(rnd, Math.min(1, depth)));
                case 1 -> map(new Works(rnd, Math.min(1, depth)), rnd.nextInt(1, 4));
                case 2 -> settle(new Works(rnd, Math.min(1, depth)));
                case 3 -> race(new Works(rnd, Math.min(1, depth)));
                case 4 -> completions(new Works(rnd, Math.min(1, depth)), rnd.nextInt(4));
                case 5 -> executor(new Works(rnd, Math.min(1, depth)), rnd);
                default -> service(rnd, depth);
            }
        } finally {
            record.noStray("step " + which + " together");
        }
    }

    // ---- Tasks ---------------------------------------------------------------------------------

    /** What several tasks are to do: each returns an object of its own, or fails, or is told. */
    private final class Works {
        final List<Callable<Object>> works = new ArrayList<>();
        final AtomicInteger started = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();
        final Queue<Object> values = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        Works(SplittableRandom rnd, int depth) {
            int n = rnd.nextInt(1, 5);
            for (int i = 0; i < n; i++) {
                SplittableRandom own = rnd.split();
                works.add(record.counted(() -> run(own, depth)));
            }
        }

        private Object run(SplittableRandom rnd, int depth) throws Exception {
            started.incrementAndGet();
            try {
                program.body(rnd, depth);
                if (rnd.nextInt(6) == 0) {
                    SoakRecord.Marked failure = new SoakRecord.Marked();
                    if (!record.hooked.contains(Task.current().orElseThrow())) {
                        failures.add(failure);
                    }
                    throw failure;
                }
                Object value = new Object();
                values.add(value);
                return value;
            } finally {
                ended.incrementAndGet();
            }
        }

        /** Nothing outlives the call. */
        void over(String what) {
            if (started.get() != ended.get()) {
                record.broken(what + " left " + (started.get() - ended.get()) + " tasks behind");
            }
        }

        /** Every failure is in what leaves. */
        void allIn(Throwable thrown, String what) {
            for (Throwable failure : failures) {
                if (!SoakChecks.reaches(thrown, failure) && !record.reported.contains(failure)) {
                    record.broken(what + " lost " + failure + " and threw " + thrown);
                }
            }
        }
    }

    private void all(Works works) throws InterruptedException {
        gathered(works, "all", () -> Tasks.all(works.works));
    }

    private void map(Works works, int limit) throws InterruptedException {
        gathered(works, "map", () -> Tasks.map(works.works, limit, Callable::call));
    }

    @FunctionalInterface
    private interface Gathering {
        List<Object> run() throws InterruptedException;
    }

    private void gathered(Works works, String what, Gathering gathering)
            throws InterruptedException {
        try {
            List<Object> values = gathering.run();
            if (values.size() != works.works.size() || !works.values.containsAll(values)) {
                record.broken(what + " returned " + values);
            }
        } catch (Throwable e) {
            works.allIn(e, what);
            throw e;
        } finally {
            works.over(what);
        }
    }

    private void settle(Works works) throws InterruptedException {
        try {
            List<Outcome<Object>> outcomes = Tasks.settle(works.works);
            long failed = outcomes.stream().filter(o -> o instanceof Outcome.Failed).count();
            if (outcomes.size() != works.works.size() || failed < works.failures.size()) {
                record.broken("settle returned " + outcomes);
            }
        } catch (Throwable e) {
            works.allIn(e, "settle");
            throw e;
        } finally {
            works.over("settle");
        }
    }

    /** A value is returned, or disposed of once. */
    private void race(Works works) throws InterruptedException {
        Map<Object, Integer> gone = new IdentityHashMap<>();
        try {
            gone.merge(
                    Tasks.<Object>race(works.works, v -> gone.merge(v, 1, Integer::sum)),
                    1,
                    Integer::sum);
        } catch (Throwable e) {
            works.allIn(e, "race");
            throw e;
        } finally {
            works.over("race");
            for (Object value : works.values) {
                if (gone.getOrDefault(value, 0) != 1) {
                    record.broken("a race disposed of a value " + gone.get(value) + " times");
                }
            }
        }
    }

    private void completions(Works works, int taken) throws InterruptedException {
        try {
            Tasks.runCompletions(
                    works.works,
                    completions -> {
                        for (int i = 0; i < taken; i++) {
                            Task<Object> task = completions.next().orElse(null);
                            if (task != null && task.outcome().isEmpty()) {
                                record.broken("next() returned " + task + " before its end");
                            }
                        }
                    });
        } finally {
            works.over("completions");
        }
    }

    // ---- the view as an executor ---------------------------------------------------------------

    private void executor(Works works, SplittableRandom rnd) throws Exception {
        TaskGroup.run(
                config -> program.config(config, rnd),
                group -> {
                    ExecutorService view = group.asExecutorService();
                    try {
                        use(view, works, rnd);
                    } catch (RejectedExecutionException | ExecutionException e) {
                        // as it may
                    } catch (java.util.concurrent.CancellationException e) {
                        // of one of its tasks
                    } finally {
                        close(view, rnd);
                        works.over("an executor");
                    }
                });
    }

    private static void use(ExecutorService view, Works works, SplittableRandom rnd)
            throws InterruptedException, ExecutionException {
        switch (rnd.nextInt(4)) {
            case 0 -> view.invokeAll(works.works);
            case 1 -> view.invokeAny(works.works);
            case 2 -> {
                try {
                    view.invokeAll(works.works, 1, TimeUnit.MILLISECONDS);
                    view.invokeAny(works.works, 1, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // as it may
                }
            }
            default -> {
                List<Future<Object>> futures = new ArrayList<>();
                for (Callable<Object> work : works.works) {
                    futures.add(view.submit(work));
                }
                for (Future<Object> future : futures) {
                    if (rnd.nextBoolean()) {
                        future.cancel(rnd.nextBoolean());
                    } else {
                        future.get();
                    }
                }
            }
        }
    }

    private void close(ExecutorService view, SplittableRandom rnd) {
        if (rnd.nextInt(3) == 0 && !view.shutdownNow().isEmpty()) {
            record.broken("shutdownNow returned tasks");
        }
        view.close();
        if (!view.isTerminated()) {
            record.broken("close() left before the end");
        }
    }

    // ---- groups that are shut down -------------------------------------------------------------

    private void service(SplittableRandom rnd, int depth) throws InterruptedException {
        SoakGroup group = program.openService("inner-service");
        SplittableRandom end = rnd.split();
        try {
            int n = rnd.nextInt(1, 4);
            for (int i = 0; i < n; i++) {
                program.fork(group, rnd.split(), Math.min(depth, 2));
            }
            program.body(rnd, Math.min(depth, 1));
        } finally {
            end(group, end);
        }
    }

    /** Shuts it down, in one way or the other; later, if the caller is waited for by one of it. */
    void end(SoakGroup of, SplittableRandom rnd) {
        ServiceGroup group = (ServiceGroup) of.group();
        try {
            if (rnd.nextBoolean()) {
                Duration drain = Duration.ofNanos(rnd.nextInt(0, 2_000_000));
                ShutdownReport report = group.shutdown(drain, Duration.ofMillis(rnd.nextInt(0, 5)));
                for (Task<?> task : report.stopped()) {
                    if (task.outcome().isEmpty()) {
                        record.broken("reported as stopped: " + task);
                    }
                }
            }
            group.close();
            of.ended(null);
        } catch (WaitCycleException e) {
            record.cycles.increment();
            record.unclosed.add(group);
        }
    }
}
