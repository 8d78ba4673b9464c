package dev.curfew.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.curfew.CancelScope;
import dev.curfew.TaskGroup;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A scope is cancelled while a block in it ends; r1: cancelled in time, r2: the code after the
 * block was told. The way out of a block takes no fence.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "told")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "too early")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "a cancellation that was lost")
@State
public class OuterCancelAgainstBlockEnd {
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Meeting meeting = new Meeting();
    private volatile @Nullable CancelScope scope;
    private volatile boolean cancelled;
    private volatile boolean asked;

    @Actor
    public void work(ZZ_Result r) {
        Actors.run(() -> {
            var unused =
                    CancelScope.run(s -> {
                        scope = s;
                        try {
                            TaskGroup.run(g -> {
                                meeting.arrive();
                                Meeting.linger(50);
                            });
                            r.r2 = isToldInTime();
                        } catch (InterruptedException e) {
                            r.r2 = true;
                            throw e;
                        }
                    });
        });
    }

    /** Told, or not to be told. */
    private boolean isToldInTime() {
        long start = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            if (asked && !cancelled || System.nanoTime() - start > LOST_NANOS) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Actor
    public void cancel(ZZ_Result r) {
        meeting.arrive();
        Meeting.linger(50);
        CancelScope seen = scope;
        if (seen != null) {
            cancelled = seen.cancel();
            r.r1 = cancelled;
        }
        asked = true;
    }
}
