package dev.curfew.internal.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.curfew.stress.Meeting;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A receiver moves on while a deliverer has its signal: what it takes notice of is all there was,
 * and nothing is sent afterwards.
 */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "sent, and taken back")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "withdrawn")
@State
public class ClaimAgainstWithdrawal {
    /** A thread of this kind leaves a scope while it is told of a cancellation. */
    private static final class Owner extends Taking {
        private volatile boolean inside = true;

        Owner(Thread thread) {
            super(null, 0, thread, RUNNING);
        }

        @Override
        protected @Nullable Object wanted(boolean again) {
            return inside ? this : null;
        }

        @Override
        protected boolean ownsFlag() {
            return false;
        }

        @Override
        protected boolean awaitsEnd() {
            return false;
        }

        @Override
        public @Nullable Strand strand() {
            return null;
        }

        boolean leave() {
            inside = false;
            boolean sent = take() != null;
            if (sent) {
                clearInterrupt();
            }
            return sent;
        }
    }

    private final Meeting meeting = new Meeting();
    private volatile @Nullable Owner owner;
    private volatile @Nullable Thread thread;

    @Actor
    public void leave(ZZ_Result r) {
        thread = Thread.currentThread();
        Owner mine = new Owner(Thread.currentThread());
        owner = mine;
        meeting.arrive();
        Meeting.linger(50);
        r.r1 = mine.leave();
    }

    @Actor
    public void tell() {
        meeting.arrive();
        Owner seen = owner;
        if (seen != null) {
            seen.tell(false);
        }
    }

    @Arbiter
    public void after(ZZ_Result r) {
        Thread t = thread;
        r.r2 =
                t != null
                        && (t == Thread.currentThread() ? Thread.interrupted() : t.isInterrupted());
    }
}
