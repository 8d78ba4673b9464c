package dev.curfew.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.curfew.CancelScope;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * Nothing of a cancellation shows inside a shield, at its entry and exit neither; r1: cancelled,
 * r2: seen in the shield, r3: still there after it, if it had come before the shield was left.
 */
@JCStressTest
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "held back, then there")
@Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "came after the shield")
@Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "not cancelled")
@Outcome(expect = FORBIDDEN, desc = "seen in the shield, or lost")
@State
public class ShieldAgainstCancel {
    private volatile @Nullable CancelScope scope;
    private volatile boolean cancelled;

    @Actor
    public void work(ZZZ_Result r) {
        Actors.run(() -> {
            var unused =
                    CancelScope.run(s -> {
                        scope = s;
                        boolean[] inTime = new boolean[1];
                        CancelScope.shield(() -> {
                            for (int i = 0; i < 50; i++) {
                                Thread.onSpinWait();
                                r.r2 |= Thread.currentThread().isInterrupted();
                            }
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
    public void cancel(ZZZ_Result r) {
        for (int i = 0; i < 20_000; i++) {
            CancelScope seen = scope;
            if (seen != null) {
                r.r1 = seen.cancel();
                cancelled = r.r1;
                return;
            }
            Thread.onSpinWait();
        }
    }
}
