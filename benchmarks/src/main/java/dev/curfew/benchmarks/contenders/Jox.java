package dev.curfew.benchmarks.contenders;

import com.softwaremill.jox.structured.CancellableFork;
import com.softwaremill.jox.structured.Fork;
import com.softwaremill.jox.structured.JoxScopeExecutionException;
import com.softwaremill.jox.structured.Race;
import com.softwaremill.jox.structured.Scopes;
import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Jox's structured scopes. */
public final class Jox extends Contender {
    public Jox() {
        super("Jox");
    }

    @Override
    public Operation forkAndJoin(int n) {
        return Loops.onVirtualThread(() -> forkAndJoinOnce(n));
    }

    @Override
    public Operation fromPlatformThread() {
        return Loops.onPlatformThread(() -> forkAndJoinOnce(1));
    }

    private static void forkAndJoinOnce(int n) throws InterruptedException {
        Long sum =
                Scopes.<Long>supervised(scope -> {
                    List<Fork<Integer>> forks = new ArrayList<>(n);
                    for (int i = 0; i < n; i++) {
                        int index = i;
                        forks.add(scope.fork(() -> Work.value(index)));
                    }
                    long s = 0;
                    for (Fork<Integer> fork : forks) {
                        s += fork.join();
                    }
                    return s;
                });
        Work.checkSum(sum, n);
    }

    /** The end of a scope cancels the forks that are left. */
    @Override
    public Operation cancelAll(int n) {
        return Loops.onVirtualThread(() ->
                Scopes.supervised(scope -> {
                    for (int i = 0; i < n; i++) {
                        scope.fork(Work::block);
                    }
                    return 0;
                }));
    }

    @Override
    public Operation timeout() {
        return Loops.onVirtualThread(() ->
                Work.check(Race.timeout(60_000, () -> Work.value(1)) == 1, "the value is wrong"));
    }

    @Override
    public Operation nested(int depth) {
        return Loops.onVirtualThread(() -> nest(depth));
    }

    private static Integer nest(int depth) throws InterruptedException {
        return depth == 0
                ? Work.value(0)
                : Scopes.supervised(scope -> scope.forkUser(() -> nest(depth - 1)).join());
    }

    @Override
    public Operation cancelOne() {
        return Loops.sampled(() ->
                Scopes.supervised(scope -> {
                    Work.Started started = new Work.Started();
                    CancellableFork<Integer> fork =
                            scope.forkCancellable(() -> {
                                started.now();
                                return Work.block();
                            });
                    started.awaitParked();
                    long start = System.nanoTime();
                    try {
                        fork.cancel();
                    } catch (ExecutionException expected) {
                        return System.nanoTime() - start;
                    }
                    throw new AssertionError("it was not cancelled");
                }));
    }

    @Override
    public Operation oneFails(int n) {
        return Loops.onVirtualThread(() -> {
            boolean failed = false;
            try {
                Scopes.supervised(scope -> {
                    for (int i = 0; i < n - 1; i++) {
                        scope.forkUser(Work::block);
                    }
                    scope.forkUser(() -> {
                        throw new Work.Failure();
                    });
                    return 0;
                });
            } catch (JoxScopeExecutionException e) {
                failed = e.getCause() instanceof Work.Failure;
            }
            Work.check(failed, "it did not fail");
        });
    }

    @Override
    public Operation requests(int n) {
        return Loops.concurrently(
                n,
                () ->
                        Race.timeout(
                                60_000,
                                () ->
                                        Scopes.supervised(scope -> {
                                            for (int i = 0; i < 10; i++) {
                                                int index = i;
                                                scope.forkUser(() -> {
                                                    Thread.sleep(1);
                                                    return Work.value(index);
                                                });
                                            }
                                            return 0;
                                        })));
    }

    @Override
    public Holding holding(int n) {
        return action ->
                Scopes.supervised(scope -> {
                    Work.awaitAllParked(
                            new Thread[n],
                            body ->
                                    scope.fork(() -> {
                                        body.run();
                                        return Work.block();
                                    }));
                    action.run();
                    return 0;
                });
    }
}
