package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Exceptions whose own methods throw: they leave like any others, and break nothing. */
class HostileExceptionTest {
    @SuppressWarnings("serial")
    private static final class NoCause extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("from getCause");
        }
    }

    private static void assertInNoScope() {
        assertThatThrownBy(CancelScope::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTaskFailsWithIt() throws Exception {
        NoCause problem = new NoCause();
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            group.fork(() -> {
                                throw problem;
                            });
                        }))
                .isInstanceOfSatisfying(
                        TaskFailedException.class,
                        e -> assertThat(e.failures()).containsExactly(problem));
    }

    @Test
    void aTaskThatWasAskedToStopFailsWithIt() throws Exception {
        NoCause problem = new NoCause();
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            Task<?> task =
                    group.forkIsolated(() -> {
                        inside.countDown();
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            throw problem;
                        }
                    });
            Blocked.await(inside);
            assertThat(task.cancelAndJoin())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.exception()).isSameAs(problem));
        });
    }

    @Test
    void aScopeIsLeft() {
        NoCause problem = new NoCause();
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                Duration.ofMinutes(1),
                                () -> {
                                    throw problem;
                                }))
                .isSameAs(problem);
        assertInNoScope();
    }

    @Test
    void aBlockWaitsForItsTasks() {
        NoCause problem = new NoCause();
        AtomicBoolean cleanedUp = new AtomicBoolean();
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            CountDownLatch inside = new CountDownLatch(1);
                            group.fork(() -> {
                                inside.countDown();
                                try {
                                    Blocked.forEver();
                                } finally {
                                    Blocked.untilRefused(group);
                                    cleanedUp.set(true);
                                }
                            });
                            Blocked.await(inside);
                            throw problem;
                        }))
                .isSameAs(problem);
        assertThat(cleanedUp).isTrue();
        assertInNoScope();
    }
}
