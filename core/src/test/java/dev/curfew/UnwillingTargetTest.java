package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread whose {@code interrupt()} does not return, among others of one cancellation. */
class UnwillingTargetTest {
    private static final int OTHERS = 5;

    /** Who sends the interrupts of a group's cancellation. */
    enum Way {
        BY_THE_LIBRARY {
            @Override
            void stop(ServiceGroup group) {
                group.cancel();
            }
        },
        BY_WHOEVER_CLOSES {
            @Override
            void stop(ServiceGroup group) {
                Thread.ofPlatform().daemon().start(group::close);
            }
        };

        abstract void stop(ServiceGroup group);
    }

    private static final class Unwilling extends Thread {
        private final CountDownLatch mayReturn;

        Unwilling(Runnable body, CountDownLatch mayReturn) {
            super(body);
            this.mayReturn = mayReturn;
        }

        @Override
        public void interrupt() {
            Blocked.uninterruptibly(mayReturn);
            super.interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC34", "CU21"})
    void itDelaysNoneOfTheOthers(Way way) throws Exception {
        CountDownLatch mayReturn = new CountDownLatch(1);
        AtomicInteger forked = new AtomicInteger();
        ThreadFactory lastIsUnwilling =
                body ->
                        forked.getAndIncrement() == OTHERS
                                ? new Unwilling(body, mayReturn)
                                : new Thread(body);
        ServiceGroup group =
                ServiceGroup.open("mixed", config -> config.withThreadFactory(lastIsUnwilling));
        CountDownLatch started = new CountDownLatch(OTHERS + 1);
        CountDownLatch ended = new CountDownLatch(OTHERS);
        for (int i = 0; i < OTHERS; i++) {
            group.fork(() -> {
                try {
                    started.countDown();
                    Blocked.forEver();
                } finally {
                    ended.countDown();
                }
            });
        }
        Task<?> unwilling =
                group.fork(() -> {
                    started.countDown();
                    Blocked.forEver();
                });
        Blocked.await(started);

        way.stop(group);

        Blocked.await(ended);
        assertThat(unwilling.outcome()).isEmpty();
        mayReturn.countDown();
        assertThat(unwilling.join()).isInstanceOf(Outcome.Cancelled.class);
        group.close();
    }
}
