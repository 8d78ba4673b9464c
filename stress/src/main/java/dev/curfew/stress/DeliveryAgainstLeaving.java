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

/**
 * No interrupt strays out of a scope, whenever it is cancelled and its work told; r1: cancelled in
 * time, r2: told inside the scope, r3: an interrupt outside of it.
 */
@JCStressTest
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "told inside, nothing strays")
@Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "left first, nothing strays")
@Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "too late or too early")
@Outcome(expect = FORBIDDEN, desc = "a stray interrupt")
@State
public class DeliveryAgainstLeaving {
    private final Meeting meeting = new Meeting();
    private volatile @Nullable CancelScope scope;
    private volatile @Nullable Thread owner;

    @Actor
    public void work(ZZZ_Result r) {
        Actors.run(() -> {
            owner = Thread.currentThread();
            var unused =
                    CancelScope.run(s -> {
                        scope = s;
                        r.r2 = meeting.isTold(s::isCancelled);
                    });
            r.r3 = Thread.interrupted();
        });
    }

    @Actor
    public void cancel(ZZZ_Result r) {
        meeting.arrive();
        Meeting.linger(50);
        CancelScope seen = scope;
        if (seen != null) {
            r.r1 = seen.cancel();
        }
    }

    @Arbiter
    public void after(ZZZ_Result r) {
        r.r3 |= Actors.isInterrupted(owner);
    }
}
