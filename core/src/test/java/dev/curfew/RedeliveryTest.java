package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Code that swallows its interrupt and blocks again in a call of the JDK's. */
class RedeliveryTest {
    private static final Duration OFTEN = Duration.ofMillis(2);

    /** Swallows three interrupts, lets the fourth through. */
    private static VoidWork<?> swallowing(AtomicInteger seen, CountDownLatch started) {
        return () -> {
            for (; ; ) {
                try {
                    started.countDown();
                    Blocked.forEver();
                } catch (InterruptedException e) {
                    if (seen.incrementAndGet() == 4) {
                        throw e;
                    }
                }
            }
        };
    }

    @Test
    @Conformance("TC08")
    void aTaskThatSwallowsItsInterruptIsToldAgainUntilItHasEnded() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        TaskGroup.run(
                config -> config.withRedelivery(OFTEN),
                group -> {
                    CountDownLatch started = new CountDownLatch(1);
                    Task<?> task = group.fork(swallowing(seen, started));
                    Blocked.await(started);
                    assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                });
        assertThat(seen).hasValue(4);
    }

    @Test
    @Conformance("TC08")
    void aCancelledGroupTellsAllItsTasksAgainAlsoWhereTheSettingIsThatOfTheGroupAround()
            throws Exception {
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger deep = new AtomicInteger();
        TaskGroup.run(
                config -> config.withRedelivery(OFTEN),
                group -> {
                    CountDownLatch started = new CountDownLatch(2);
                    group.fork(swallowing(seen, started));
                    group.fork(() -> TaskGroup.run(inner -> inner.fork(swallowing(deep, started))));
                    Blocked.await(started);
                    group.cancel();
                });
        assertThat(seen).hasValue(4);
        assertThat(deep).hasValue(4);
    }

    @Test
    @Conformance("TC08")
    void aDeadlineAroundTheGroupIsToldAgainToo() {
        AtomicInteger seen = new AtomicInteger();
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                Duration.ofMillis(20),
                                () ->
                                        TaskGroup.run(
                                                config -> config.withRedelivery(OFTEN),
                                                group ->
                                                        group.fork(
                                                                swallowing(
                                                                        seen,
                                                                        new CountDownLatch(1))))))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(seen).hasValue(4);
    }

    @Test
    void aShieldHoldsItBack() throws Exception {
        AtomicInteger inShield = new AtomicInteger();
        TaskGroup.run(
                config -> config.withRedelivery(OFTEN),
                group -> {
                    CountDownLatch started = new CountDownLatch(1);
                    AtomicInteger others = new AtomicInteger();
                    CountDownLatch toldOften = new CountDownLatch(1);
                    Task<?> protectedTask =
                            group.fork(() -> {
                                try {
                                    started.countDown();
                                    Blocked.forEver();
                                } finally {
                                    CancelScope.shield(() -> {
                                        try {
                                            Blocked.await(toldOften);
                                        } catch (InterruptedException e) {
                                            inShield.incrementAndGet();
                                        }
                                    });
                                }
                            });
                    group.fork(() -> {
                        while (others.get() < 10) {
                            try {
                                Blocked.forEver();
                            } catch (InterruptedException e) {
                                others.incrementAndGet();
                            }
                        }
                        toldOften.countDown();
                    });
                    Blocked.await(started);
                    group.cancel();
                    assertThat(
                                    CancelScope.<Outcome<?>, RuntimeException>shield(
                                            protectedTask::join))
                            .isInstanceOf(Outcome.Cancelled.class);
                });
        assertThat(inShield).hasValue(0);
    }

    @Test
    @Conformance("TC30")
    void theThreadOfATaskThatHasEndedIsNotToldAgain() throws Exception {
        AtomicInteger strays = new AtomicInteger();
        CountDownLatch toldOften = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        ThreadFactory pooled =
                body ->
                        Thread.ofPlatform()
                                .daemon()
                                .unstarted(() -> {
                                    body.run();
                                    while (toldOften.getCount() > 0) {
                                        try {
                                            Blocked.await(toldOften);
                                        } catch (InterruptedException e) {
                                            strays.incrementAndGet();
                                        }
                                    }
                                    looked.countDown();
                                });
        ServiceGroup group =
                ServiceGroup.open(
                        "pooled", config -> config.withRedelivery(OFTEN).withThreadFactory(pooled));
        Task<?> ended = group.fork(swallowing(new AtomicInteger(), new CountDownLatch(1)));
        ended.cancelAndJoin();
        Task<?> goesOn =
                group.fork(() -> {
                    for (int told = 0; told < 10; ) {
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            told++;
                        }
                    }
                });
        goesOn.cancelAndJoin();
        assertThat(ended.cancel()).isFalse();
        toldOften.countDown();
        Blocked.await(looked);
        group.close();
        assertThat(strays).hasValue(0);
    }

    @Test
    void theIntervalMustBePositive() {
        assertThatThrownBy(() ->
                        TaskGroup.run(config -> config.withRedelivery(Duration.ZERO), group -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interval of redelivery");
    }
}
