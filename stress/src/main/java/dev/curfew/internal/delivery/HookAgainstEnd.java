package dev.curfew.internal.delivery;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A hook has acted to its end or not at all when its block has been left, and acts no more. */
@JCStressTest
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "ran, and is over")
@Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "never runs")
@State
public class HookAgainstEnd {
    private int acts; // plain: the end of a run happens before the block has been left
    private volatile boolean acting;

    private final Hook hook =
            new Hook() {
                @Override
                protected @Nullable Object gate() {
                    return this;
                }

                @Override
                protected void actsFor(Object cause) {}

                @Override
                protected void act() {
                    acting = true;
                    acts++;
                    acting = false;
                }

                @Override
                protected String label() {
                    return "test";
                }
            };

    @Actor
    public void cancel() {
        hook.trigger();
    }

    @Actor
    public void leave(ZZZ_Result r) {
        hook.close();
        r.r1 = acts == 1;
        r.r2 = acting;
    }

    @Arbiter
    public void after(ZZZ_Result r) {
        r.r3 = acts == 1;
    }
}
