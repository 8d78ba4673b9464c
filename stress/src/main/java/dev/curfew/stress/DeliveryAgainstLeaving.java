package dev.curfew.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.curfew.CancelScope;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** No interrupt strays out of a scope, whenever it is cancelled; r1: cancelled in time. */
@JCStressTest
@Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "cancelled, nothing strays")
@Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "too late or too early")
@Outcome(expect = FORBIDDEN, desc = "a stray interrupt")
@State
public class DeliveryAgainstLeaving {
    private volatile @Nullable CancelScope scope;
    private volatile @Nullable Thread owner;

    @Actor
    public void work(ZZZ_Result r) {
        Actors.run(() -> {
            owner = Thread.currentThread();
            var unused =
                    CancelScope.run(s -> {
                        scope = s;
                        for (int i = 0; i < 50; i++) {
                            Thread.onSpinWait();
                        }
                    });
            r.r2 = Thread.interrupted();
        });
    }

    @Actor
    public void cancel(ZZZ_Result r) {
        for (int i = 0; i < 20_000; i++) {
            CancelScope seen = scope;
            if (seen != null) {
                r.r1 = seen.cancel();
                return;
            }
            Thread.onSpinWait();
        }
    }

    @Arbiter
    public void after(ZZZ_Result r) {
        Thread t = owner;
        r.r3 =
                t != null
                        && (t == Thread.currentThread() ? Thread.interrupted() : t.isInterrupted());
    }
}
