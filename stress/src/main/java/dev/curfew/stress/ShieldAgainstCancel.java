package dev.curfew.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.curfew.CancelScope;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;

/**
 * Nothing of a cancellation shows inside a shield, at its entry and exit neither; r1: cancelled,
 * r2: seen in the shield, or lost, r3: there after it, r4: had come before the shield was entered.
 */
@JCStressTest
@Outcome(id = "true, false, true, true", expect = ACCEPTABLE, desc = "before the entry, kept back")
@Outcome(id = "true, false, true, false", expect = ACCEPTABLE, desc = "kept back, then there")
@Outcome(id = "true, false, false, false", expect = ACCEPTABLE, desc = "came after the checkpoint")
@Outcome(id = "false, false, false, false", expect = ACCEPTABLE, desc = "not cancelled")
@Outcome(expect = FORBIDDEN, desc = "seen in the shield, or lost")
@State
public class ShieldAgainstCancel {
    private final Meeting meeting = new Meeting();
    private volatile @Nullable CancelScope scope;
    private volatile boolean cancelled;

    @Actor
    public void work(ZZZZ_Result r) {
        Actors.run(() -> {
            var unused =
                    CancelScope.run(s -> {
                        scope = s;
                        boolean[] inTime = new boolean[1];
                        meeting.arrive();
                        Meeting.linger(200);
                        r.r4 = cancelled;
                        CancelScope.shield(() -> {
                            r.r2 |= Thread.currentThread().isInterrupted();
                            Meeting.linger(400);
                            if (cancelled) {
                                Meeting.linger(2_000); // a delivery thread takes so long
                            }
                            r.r2 |= Thread.currentThread().isInterrupted();
                            inTime[0] = cancelled;
                        });
                        try {
                            CancelScope.checkpoint();
                            r.r2 |= inTime[0]; // it came before, and was lost
                        } catch (InterruptedException e) {
                            r.r3 = true;
                        }
                    });
            r.r2 |= Thread.interrupted();
        });
    }

    @Actor
    public void cancel(ZZZZ_Result r) {
        meeting.arrive();
        Meeting.linger(500);
        CancelScope seen = scope;
        if (seen != null) {
            r.r1 = seen.cancel();
            cancelled = r.r1;
        }
    }
}
