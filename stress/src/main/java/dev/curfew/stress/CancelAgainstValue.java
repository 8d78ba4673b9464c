package dev.curfew.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.curfew.Task;
import dev.curfew.TaskGroup;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A task is cancelled while it ends with a value, which is published before the task is sealed; r1:
 * the request counts, r2: who reads the outcome is told that it was absorbed.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "in time, and absorbed")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "too late or too early")
@Outcome(expect = FORBIDDEN, desc = "a request that counts for one side only")
@State
public class CancelAgainstValue {
    private final Meeting meeting = new Meeting();
    private volatile @Nullable Task<?> task;

    @Actor
    public void work(ZZ_Result r) {
        Actors.run(() -> {
            Task<?> own =
                    TaskGroup.call(g -> {
                        Task<?> forked =
                                g.fork(() -> {
                                    meeting.arrive();
                                    Meeting.linger(50);
                                    return 1;
                                });
                        task = forked;
                        return forked;
                    });
            r.r2 = own.absorbed();
        });
    }

    @Actor
    public void cancel(ZZ_Result r) {
        meeting.arrive();
        Meeting.linger(50);
        Task<?> seen = task;
        if (seen != null) {
            r.r1 = seen.cancel();
        }
    }
}
