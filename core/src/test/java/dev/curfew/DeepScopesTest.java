package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Scopes of one thread, as deep as nobody writes them. */
class DeepScopesTest {
    private static final int LEVELS = 10_000;
    private static final long STACK = 1L << 28;

    @Test
    @Conformance("TC31")
    void tenThousandScopesOfOneThreadAreLeftForTheOutermost() throws Exception {
        AtomicReference<CancelScope> outermost = new AtomicReference<>();
        AtomicInteger wentOn = new AtomicInteger();
        CountDownLatch bottom = new CountDownLatch(1);
        CompletableFuture<Outcome<?>> end = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                end.complete(
                                        CancelScope.run(scope -> {
                                            outermost.set(scope);
                                            deeper(LEVELS, bottom, wentOn);
                                        }));
                            } catch (Throwable e) {
                                end.completeExceptionally(e);
                            }
                        },
                        "deep",
                        STACK);
        thread.setDaemon(true);
        thread.start();
        Blocked.await(bottom);
        outermost.get().cancel("all of it");
        assertThat(end.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo("all of it"));
        assertThat(wentOn).hasValue(0);
    }

    private static void deeper(int levels, CountDownLatch bottom, AtomicInteger wentOn)
            throws InterruptedException {
        if (levels == 0) {
            bottom.countDown();
            Blocked.forEver();
        }
        CancelScope.run(_ -> deeper(levels - 1, bottom, wentOn));
        wentOn.incrementAndGet();
    }
}
