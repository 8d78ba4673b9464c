package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others see of a scope while the timer is in the middle of expiring it. */
class ExpiryTest {
    private final ScopeNode scope = new ScopeNode(null, 0);
    private final ScopeNode inside = new ScopeNode(scope, 0);
    private final CountDownLatch claimed = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private Thread timer;

    /** A timer's thread that has claimed the expiry, and is held up before it asks. */
    @BeforeEach
    void timerIsHeldUpBetweenItsClaimAndItsRequest() throws Exception {
        scope.link(inside);
        AtomicBoolean first = new AtomicBoolean(true);
        Runnable expire =
                () -> {
                    if (first.getAndSet(false)) {
                        claimed.countDown();
                        Blocked.uninterruptibly(goOn);
                    }
                    Cancelling.cancel(scope, "time", false, false);
                };
        scope.timing(null, new Timing(System.nanoTime() - 1, null, expire));
        timer = Thread.ofPlatform().daemon().start(scope::expireIfDue);
        Blocked.await(claimed);
    }

    @AfterEach
    void timerEnds() throws Exception {
        goOn.countDown();
        timer.join();
    }

    @Test
    @Conformance({"TO14", "NT02", "NT04"})
    void whoeverLooksAtTheClockFindsTheScopeExpired() {
        scope.expireIfDue();

        assertThat(scope.own()).isNotNull();
        assertThat(scope.isOver()).isTrue();
    }

    @Test
    @Conformance("CU10")
    void whatIsInsideIsMarkedByThen() {
        inside.expireAllDue();

        assertThat(inside.mark()).isNotNull().isSameAs(scope.own());
    }

    @Test
    @Conformance("TO20")
    void itsDeadlineCannotBeMovedAnyMore() {
        assertThat(scope.isOver()).isTrue();
    }

    @Test
    void theFirstReasonStaysWhenTheTimerGoesOn() throws Exception {
        Request request = Cancelling.cancel(scope, "by hand", false, false);
        goOn.countDown();
        timer.join();

        assertThat(scope.own()).isSameAs(request);
    }
}
