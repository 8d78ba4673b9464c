package dev.curfew.internal.delivery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchTest {

    @Test
    void targetForWhichThereIsNoMemoryIsInterruptedLaterAndHoldsUpNobodyElse() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch sent = new CountDownLatch(2);
        Batch batch = new Batch();
        batch.add(_ -> {
            if (attempts.incrementAndGet() < 3) {
                throw new OutOfMemoryError("on purpose");
            }
            sent.countDown();
        });
        batch.add(_ -> sent.countDown());

        batch.send();

        assertThat(sent.await(30, SECONDS)).isTrue();
        assertThat(attempts).hasValue(3);
    }
}
