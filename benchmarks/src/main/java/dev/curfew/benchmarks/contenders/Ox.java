package dev.curfew.benchmarks.contenders;

import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Loops;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import dev.curfew.benchmarks.ox.OxWork;

/** Ox, whose part is written in Scala. */
public final class Ox extends Contender {
    public Ox() {
        super("Ox");
    }

    @Override
    public Operation forkAndJoin(int n) {
        return Loops.onVirtualThread(() -> OxWork.forkAndJoin(n, Work::value));
    }

    @Override
    public Operation fromPlatformThread() {
        return Loops.onPlatformThread(() -> OxWork.forkAndJoin(1, Work::value));
    }

    @Override
    public Operation cancelAll(int n) {
        return Loops.onVirtualThread(() -> OxWork.cancelAll(n, Work::block));
    }

    @Override
    public Operation timeout() {
        return Loops.onVirtualThread(OxWork::timeout);
    }

    @Override
    public Operation nested(int depth) {
        return Loops.onVirtualThread(() -> OxWork.nested(depth));
    }

    @Override
    public Operation cancelOne() {
        return Loops.sampled(() -> {
            Work.Started started = new Work.Started();
            return OxWork.cancelOne(started::now, started::awaitParked, Work::block);
        });
    }

    @Override
    public Operation oneFails(int n) {
        return Loops.onVirtualThread(() -> OxWork.oneFails(n, Work::block));
    }

    @Override
    public Operation requests(int n) {
        return Loops.concurrently(n, () -> OxWork.request(Work::value));
    }

    @Override
    public Holding holding(int n) {
        return action -> {
            Work.Gathering gathering = new Work.Gathering(n);
            OxWork.holding(
                    n,
                    gathering::here,
                    Work::block,
                    () -> {
                        gathering.awaitParked();
                        action.run();
                    });
        };
    }
}
