package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cycle of waits that a cancellation opens is none: the cancellation leaves. */
class CancelledCyclesTest {

    /** Blocks whose tasks do something while their body waits. */
    private enum Waiting {
        BLOCK(work ->
                TaskGroup.run(group -> {
                    group.fork(work);
                    group.fork(work);
                    Blocked.forEver();
                })),
        RACE(work -> Tasks.race(List.of(work, work)));

        final VoidItemWork<Callable<Integer>> call;

        Waiting(VoidItemWork<Callable<Integer>> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC23", "TG14"})
    void ofABlockCancelledFromOutsideWhoseTasksWaitForItsOwner(Waiting body) throws Exception {
        for (int i = 0; i < 200; i++) {
            TaskGroup.run(group -> {
                CountDownLatch waiting = new CountDownLatch(2);
                Task<?> owner =
                        group.forkIsolated(() -> {
                            Task<?> self = Task.current().orElseThrow();
                            body.call.run(() -> {
                                waiting.countDown();
                                self.join();
                                return 0;
                            });
                        });
                Blocked.await(waiting);
                assertThat(owner.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            });
        }
    }
}
