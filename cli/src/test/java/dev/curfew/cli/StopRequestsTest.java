package dev.curfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.CancelScope;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The rules of {@link StopRequests}. */
class StopRequestsTest {
    private final StopRequests requests = new StopRequests();

    @Test
    void ofRequestsAtOnceOneIsTheFirstAndTheOthersTakeTheGraceAway() throws Exception {
        StopRequests[] fresh = new StopRequests[20_000];
        Arrays.setAll(fresh, _ -> new StopRequests());
        AtomicInteger arrived = new AtomicInteger();
        Callable<BitSet> asker =
                () -> {
                    BitSet first = new BitSet();
                    for (int i = 0; i < fresh.length; i++) {
                        arrived.incrementAndGet();
                        while (arrived.get() < 2 * (i + 1)) {
                            Thread.yield();
                        }
                        first.set(i, fresh[i].ask(2, "Ctrl-C"));
                    }
                    return first;
                };
        BitSet firsts =
                TaskGroup.call(
                        config -> config.withThreadFactory(Thread.ofPlatform().factory()),
                        g -> {
                            Task<BitSet> other = g.fork(asker::call);
                            BitSet mine = g.fork(asker::call).await();
                            mine.xor(other.await());
                            return mine;
                        });
        assertThat(firsts.cardinality()).isEqualTo(fresh.length);
        assertThat(graceIsTakenAway(fresh[0])).isTrue();
    }

    @Test
    void oneRequestLeavesTheGrace() throws Exception {
        requests.ask(2, "Ctrl-C");
        assertThat(graceIsTakenAway(requests)).isFalse();
        assertThat(requests.askOnce(13, "nobody reads")).isFalse();
        assertThat(graceIsTakenAway(requests)).isFalse();
        assertThat(requests.signal()).isEqualTo(2);
    }

    @Test
    void aGraceThatIsRunningIsCutShort() throws Exception {
        requests.ask(2, "Ctrl-C");
        CountDownLatch never = new CountDownLatch(1);
        CancelScope.run(scope -> {
            requests.cutShort(scope);
            assertThat(requests.ask(15, "SIGTERM")).isFalse();
            never.await();
        });
        assertThat(requests.signal()).isEqualTo(2);
    }

    @Test
    void aGroupThatIsNamedAfterTheRequestIsCancelledForIt() throws Exception {
        requests.ask(2, "Ctrl-C");
        TaskGroup.run(g -> {
            requests.cancels(g);
            assertThat(g.reason().orElseThrow().message()).isEqualTo("Ctrl-C");
        });
    }

    private static boolean graceIsTakenAway(StopRequests of) throws InterruptedException {
        boolean[] taken = {false};
        CancelScope.run(scope -> {
            of.cutShort(scope);
            taken[0] = scope.isCancelled();
            of.over(scope);
        });
        return taken[0];
    }
}
