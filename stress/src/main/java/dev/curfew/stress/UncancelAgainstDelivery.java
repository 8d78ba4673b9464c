package dev.curfew.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.curfew.CancelScope;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A task that withdraws the one request while it is delivered goes on undisturbed. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "requested, withdrawn, goes on")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "not requested")
@Outcome(expect = FORBIDDEN, desc = "the withdrawn request shows")
@State
public class UncancelAgainstDelivery {
    private volatile @Nullable Task<?> running;
    private volatile boolean asked;

    @Actor
    public void work(ZZ_Result r) {
        Actors.run(() -> {
            TaskGroup.run(group -> {
                Task<Boolean> task = group.fork(this::body);
                r.r2 = task.join().get();
            });
        });
    }

    private boolean body() {
        Task<?> self = Task.current().orElseThrow();
        running = self;
        while (!asked) {
            Thread.onSpinWait();
        }
        while (self.cancelling() > 0) {
            self.uncancel();
        }
        try {
            CancelScope.checkpoint();
            Thread.sleep(0);
            return !Thread.interrupted();
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Actor
    public void cancel(ZZ_Result r) {
        for (int i = 0; i < 2_000; i++) {
            Task<?> seen = running;
            if (seen != null) {
                r.r1 = seen.cancel();
                break;
            }
            Thread.onSpinWait();
        }
        asked = true;
    }
}
