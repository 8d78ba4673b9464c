package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * A request that is withdrawn in a block which it had reached: the block stays cancelled, ends as
 * if it had been cancelled by hand, and takes its signal with it.
 */
class UncancelInBlockTest {
    private final List<String> events = new CopyOnWriteArrayList<>();

    /** Runs the body in the clean-up of a task that was told to stop. */
    private void inCleanUp(VoidWork<?> body) throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        started.countDown();
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException told) {
                            body.run();
                        }
                        events.add(Thread.currentThread().isInterrupted() ? "stray" : "clear");
                        CancelScope.checkpoint();
                    });
            Blocked.await(started);
            task.cancel();
            assertThat(task.join()).isInstanceOf(Outcome.Succeeded.class);
        });
    }

    private static void uncancel() {
        assertThat(Task.current().orElseThrow().uncancel()).isZero();
    }

    @Test
    @Conformance({"CU25", "UC11"})
    void aSignalThatTheBodyHandsOnUnseenEndsWithTheBlock() throws Exception {
        inCleanUp(() ->
                TaskGroup.run(group -> {
                    uncancel();
                    throw new InterruptedException("with the status still set");
                }));
        assertThat(events).containsExactly("clear");
    }

    @Test
    @Conformance("CU25")
    void whatAManagedWaitThrowsThenEndsWithTheBlock() throws Exception {
        inCleanUp(() ->
                TaskGroup.run(group -> {
                    uncancel();
                    CancelScope.checkpoint();
                    events.add("not stopped");
                }));
        assertThat(events).containsExactly("clear");
    }

    @Test
    @Conformance("CU25")
    void theSignalLeavesAnInnerBlockAndEndsWithTheOuterOne() throws Exception {
        inCleanUp(() ->
                TaskGroup.run(outer -> {
                    TaskGroup.run(inner -> {
                        uncancel();
                        Blocked.forEver();
                    });
                    events.add("the outer body went on");
                }));
        assertThat(events).containsExactly("clear");
    }

    @Test
    @Conformance("CU25")
    void aBodyThatSwallowsItIsToldNoSecondTime() throws Exception {
        inCleanUp(() ->
                TaskGroup.run(group -> {
                    uncancel();
                    try {
                        Blocked.forEver();
                    } catch (InterruptedException told) {
                        events.add("told");
                    }
                    events.add(Thread.currentThread().isInterrupted() ? "again" : "once");
                }));
        assertThat(events).containsExactly("told", "once", "clear");
    }
}
