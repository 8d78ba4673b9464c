package dev.curfew.benchmarks.contenders;

import dev.curfew.TaskGroup;
import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;

/** Curfew where the parent is one of its tasks, and not a thread that it has never seen. */
public final class CurfewInTask extends Contender {
    public CurfewInTask() {
        super("curfew in a task");
    }

    private static Operation inTask(Loops.Once once) {
        return (times, samples) ->
                Loops.await(() ->
                        TaskGroup.call(group -> group.fork(() -> Loops.loop(times, once)).await()));
    }

    @Override
    public Operation forkAndJoin(int n) {
        return inTask(() -> Curfew.forkAndJoinOnce(n));
    }

    @Override
    public Operation timeout() {
        return inTask(Curfew::timeoutOnce);
    }
}
