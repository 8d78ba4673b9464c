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
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * A task that withdraws the one request while it is delivered goes on undisturbed; r1: requested,
 * r2: went on, r3: had been told before it withdrew.
 */
@JCStressTest
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "told, withdrawn, goes on")
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "withdrawn, goes on")
@Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "not requested")
@Outcome(expect = FORBIDDEN, desc = "the withdrawn request shows")
@State
public class UncancelAgainstDelivery {
    private final Meeting meeting = new Meeting();
    private volatile @Nullable Task<?> running;
    private volatile boolean asked;

    @Actor
    public void work(ZZZ_Result r) {
        Actors.run(() -> {
            TaskGroup.run(group -> {
                Task<Boolean> task = group.fork(() -> body(r));
                r.r2 = task.join().get();
            });
        });
    }

    private boolean body(ZZZ_Result r) {
        Task<?> self = Task.current().orElseThrow();
        running = self;
        meeting.arrive();
        while (!asked) {
            Thread.onSpinWait();
        }
        Meeting.linger(5_000); // a delivery thread takes so long
        r.r3 = Thread.currentThread().isInterrupted();
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
    public void cancel(ZZZ_Result r) {
        meeting.arrive();
        Task<?> seen = running;
        if (seen != null) {
            r.r1 = seen.cancel();
        }
        asked = true;
    }
}
