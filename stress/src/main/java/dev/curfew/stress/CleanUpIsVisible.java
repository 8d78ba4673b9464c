package dev.curfew.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * AC35: what a task wrote last, without synchronisation, is seen by both who have waited for it.
 */
@JCStressTest
@Outcome(id = "42, 42", expect = ACCEPTABLE, desc = "both see it")
@Outcome(id = "42, 0", expect = ACCEPTABLE, desc = "the second had no task to wait for")
@State
public class CleanUpIsVisible {
    private final Meeting meeting = new Meeting();
    private int written;
    private volatile @Nullable Task<?> task;

    @Actor
    public void owner(II_Result r) {
        Actors.run(() -> {
            TaskGroup.run(group -> {
                Task<?> mine =
                        group.fork(() -> {
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                written = 42;
                            }
                        });
                task = mine;
                meeting.arrive();
                mine.cancelAndJoin();
                r.r1 = written;
            });
        });
    }

    @Actor
    public void other(II_Result r) {
        Actors.run(() -> {
            meeting.arrive();
            Task<?> seen = task;
            if (seen != null) {
                seen.cancelAndJoin();
                r.r2 = written;
            }
        });
    }
}
