package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A wait that nothing cuts short, for whoever has a block open round the one who waits. */
class OpenBlockCycleTest {

    @Test
    @Conformance("AC21")
    void cancelAndJoinOfAnAncestorWhoseBodyStillRunsIsRefusedBeforeItIsAsked() throws Exception {
        TaskGroup.run(group -> {
            CompletableFuture<Task<Integer>> itself = new CompletableFuture<>();
            Task<Integer> ancestor =
                    group.fork(() -> {
                        CountDownLatch refused = new CountDownLatch(1);
                        TaskGroup.run(inner -> {
                            inner.fork(() -> {
                                assertThatThrownBy(() -> itself.join().cancelAndJoin())
                                        .isInstanceOf(WaitCycleException.class);
                                refused.countDown();
                            });
                            Blocked.await(refused);
                        });
                        return 1;
                    });
            itself.complete(ancestor);

            assertThat(ancestor.await()).isEqualTo(1);
            assertThat(ancestor.absorbed()).isFalse();
        });
    }
}
