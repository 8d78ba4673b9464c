package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    @CsvSource({
        "BY_THE_LIBRARY,0", "BY_THE_LIBRARY,2", "BY_THE_LIBRARY,5",
        "BY_WHOEVER_CLOSES,0", "BY_WHOEVER_CLOSES,2", "BY_WHOEVER_CLOSES,5"
    })
    @Conformance({"AC34", "CU21"})
    void itDelaysNoneOfTheOthers(Way way, int place) throws Exception {
        CountDownLatch mayReturn = new CountDownLatch(1);
        AtomicInteger forked = new AtomicInteger();
        ThreadFactory oneIsUnwilling =
                body ->
                        forked.getAndIncrement() == place
                                ? new Unwilling(body, mayReturn)
                                : new Thread(body);
        ServiceGroup group =
                ServiceGroup.open("mixed", config -> config.withThreadFactory(oneIsUnwilling));
        CountDownLatch started = new CountDownLatch(OTHERS + 1);
        CountDownLatch ended = new CountDownLatch(OTHERS);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i <= OTHERS; i++) {
            tasks.add(
                    group.fork(() -> {
                        try {
                            started.countDown();
                            Blocked.forEver();
                        } finally {
                            ended.countDown();
                        }
                    }));
        }
        Task<?> unwilling = tasks.get(place);
        Blocked.await(started);

        way.stop(group);

        Blocked.await(ended);
        assertThat(unwilling.outcome()).isEmpty();
        mayReturn.countDown();
        assertThat(unwilling.join()).isInstanceOf(Outcome.Cancelled.class);
        group.close();
    }
}
