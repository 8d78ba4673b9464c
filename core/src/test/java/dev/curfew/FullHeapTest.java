package dev.curfew;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.tree.Cancelling;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Jvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A heap that is full for a while delays a cancellation, and loses none. */
@Timeout(60)
@Isolated("has the canceller's callback throw")
class FullHeapTest {

    @ParameterizedTest
    @CsvSource({
        "body, -XX:+UseSerialGC, OutOfMemoryError",
        "body, -XX:+UseG1GC, OutOfMemoryError",
        "task, -XX:+UseSerialGC, TaskFailedException",
        "task, -XX:+UseG1GC, TaskFailedException",
        "deadline, -XX:+UseSerialGC, DeadlineExceededException",
        "deadline, -XX:+UseG1GC, DeadlineExceededException"
    })
    @Conformance("TG21")
    void whatIsCancelledWhileTheHeapIsFullEndsWhenThereIsMemoryAgain(
            String what, String collector, String left) throws Exception {
        List<String> options =
                collector.contains("Serial")
                        ? List.of("-Xmx48m")
                        : List.of("-Xmx48m", "-XX:-UseSerialGC", collector);
        try (Jvm jvm = Jvm.startWith(options, Full.class, what)) {
            Jvm.End end = jvm.end();
            assertThat(end.out()).as(end.err()).containsExactly(left + ", 0 tasks left");
            assertThat(end.code()).isZero();
        }
    }

    /** What a canceller finds in its way, so often. */
    private static void outOfMemory(int times, ThrowingCallable whileSo) {
        AtomicInteger left = new AtomicInteger(times);
        Cancelling.tell((strand, request) -> {
            if (left.getAndDecrement() > 0) {
                throw new OutOfMemoryError("on purpose");
            }
        });
        try {
            assertThatCode(whileSo).doesNotThrowAnyException();
        } finally {
            Cancelling.tell((strand, request) -> {});
        }
        assertThat(left).as("attempts").hasNonPositiveValue();
    }

    private static void forkBlocked(TaskGroup group, CountDownLatch ended) {
        CountDownLatch running = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i++) {
            group.fork(() -> {
                running.countDown();
                try {
                    Blocked.forEver();
                } finally {
                    ended.countDown();
                }
            });
        }
        Blocked.uninterruptibly(running);
    }

    private static final int TASKS = 5;

    @Test
    @Conformance("TG21")
    void aBodyThatThrowsHasAllTasksStoppedThoughTheCancellationIsHalted() {
        CountDownLatch ended = new CountDownLatch(TASKS);
        IllegalStateException failure = new IllegalStateException("body");

        outOfMemory(
                3,
                () ->
                        assertThatThrownBy(() ->
                                        TaskGroup.run(group -> {
                                            forkBlocked(group, ended);
                                            throw failure;
                                        }))
                                .isSameAs(failure));

        assertThat(ended.getCount()).isZero();
    }

    @Test
    void aTaskThatFailsHasAllOthersStoppedThoughTheCancellationIsHalted() {
        CountDownLatch ended = new CountDownLatch(TASKS);
        IllegalStateException failure = new IllegalStateException("task");

        outOfMemory(
                3,
                () ->
                        assertThatThrownBy(() ->
                                        TaskGroup.run(group -> {
                                            forkBlocked(group, ended);
                                            group.fork(() -> {
                                                throw failure;
                                            });
                                            Blocked.forEver();
                                        }))
                                .isInstanceOf(TaskFailedException.class)
                                .hasCause(failure));

        assertThat(ended.getCount()).isZero();
    }

    @Test
    void aTaskThatFailsStopsAServiceGroupThoughTheCancellationIsHalted() throws Exception {
        CountDownLatch ended = new CountDownLatch(TASKS);
        ServiceGroup group =
                ServiceGroup.open("full", c -> c.withFailurePolicy(FailurePolicy.CANCEL_GROUP));
        forkBlocked(group, ended);

        outOfMemory(
                3,
                () -> {
                    group.fork(() -> {
                        throw new IllegalStateException("task");
                    });
                    assertThat(ended.await(30, SECONDS)).isTrue();
                });

        group.close();
    }

    @Test
    void aDeadlineStopsWhatItIsForThoughTheCancellationIsHalted() {
        CountDownLatch ended = new CountDownLatch(TASKS);

        outOfMemory(
                3,
                () ->
                        assertThatThrownBy(() ->
                                        CancelScope.withTimeout(
                                                Duration.ofMillis(50),
                                                () ->
                                                        TaskGroup.run(group -> {
                                                            forkBlocked(group, ended);
                                                            Blocked.forEver();
                                                        })))
                                .isInstanceOf(DeadlineExceededException.class));

        assertThat(ended.getCount()).isZero();
    }

    @Test
    void backgroundTasksAreEndedThoughTheirCancellationIsHalted() {
        CountDownLatch ended = new CountDownLatch(TASKS);

        outOfMemory(
                3,
                () ->
                        TaskGroup.run(group -> {
                            for (int i = 0; i < TASKS; i++) {
                                group.forkBackground(() -> {
                                    try {
                                        Blocked.forEver();
                                    } finally {
                                        ended.countDown();
                                    }
                                });
                            }
                        }));

        assertThat(ended.getCount()).isZero();
    }

    @Test
    void whoeverAsksAgainHasAHaltedCancellationGoOn() {
        CountDownLatch ended = new CountDownLatch(TASKS);

        outOfMemory(
                1,
                () ->
                        TaskGroup.run(group -> {
                            forkBlocked(group, ended);
                            assertThatThrownBy(() -> group.cancel("once"))
                                    .isInstanceOf(OutOfMemoryError.class);
                            assertThat(group.cancel("again")).isTrue();
                            Blocked.uninterruptibly(ended);
                        }));
    }

    @Test
    void theEndOfABlockHasItsHaltedCancellationGoOn() {
        CountDownLatch ended = new CountDownLatch(TASKS);

        outOfMemory(
                2,
                () ->
                        assertThatThrownBy(() ->
                                        TaskGroup.run(group -> {
                                            forkBlocked(group, ended);
                                            group.cancel("once");
                                        }))
                                .isInstanceOf(OutOfMemoryError.class));

        assertThat(ended.getCount()).isZero();
    }

    /** The program. */
    static final class Full {
        private static final int TASKS = 10;

        private static final long OUTAGE_NANOS = MILLISECONDS.toNanos(300);
        private static final IllegalStateException PREPARED = new IllegalStateException("prepared");

        private static final InterruptedException INTERRUPTED = new InterruptedException();

        private static final AtomicInteger LIVE = new AtomicInteger();
        private static final AtomicReferenceArray<Thread> FAILING =
                new AtomicReferenceArray<>(TASKS);
        private static final CountDownLatch NEVER = new CountDownLatch(1);

        private static volatile boolean full;
        private static volatile Object kept;

        private Full() {}

        public static void main(String[] args) {
            for (int i = 0; i < 100; i++) {
                end(() ->
                        TaskGroup.run(
                                Full::onPlatform,
                                group -> {
                                    forkBlocked(group);
                                    throw PREPARED;
                                }));
                end(() -> CancelScope.withTimeout(Duration.ofNanos(1), () -> NEVER.await()));
            }
            Thread.ofPlatform().daemon().start(Full::free);
            Throwable left =
                    end(() -> {
                        switch (args[0]) {
                            case "body" -> TaskGroup.run(Full::onPlatform, Full::body);
                            case "task" -> TaskGroup.run(Full::onPlatform, Full::task);
                            default -> TaskGroup.run(Full::onPlatform, Full::deadline);
                        }
                    });
            int live = LIVE.get();
            while (kept != null) {
                LockSupport.parkNanos(1_000_000);
            }
            String what = left == null ? "nothing" : left.getClass().getSimpleName();
            System.out.println(what + ", " + live + " tasks left");
        }

        private static @Nullable Throwable end(VoidWork<?> work) {
            try {
                work.run();
                return null;
            } catch (Throwable e) {
                return e;
            }
        }

        /** The JDK may lose a virtual thread for which its scheduler finds no memory. */
        private static Config onPlatform(Config config) {
            return config.withThreadFactory(Thread.ofPlatform().daemon().factory());
        }

        private static void forkBlocked(TaskGroup group) {
            for (int i = 0; i < TASKS; i++) {
                group.fork(() -> {
                    LIVE.incrementAndGet();
                    try {
                        Blocked.forEver();
                    } finally {
                        LIVE.decrementAndGet();
                    }
                });
            }
            while (LIVE.get() < TASKS) {
                Thread.onSpinWait();
            }
        }

        private static void body(TaskGroup group) {
            forkBlocked(group);
            fill();
            throw new IllegalStateException("there is memory");
        }

        private static void task(TaskGroup group) throws InterruptedException {
            for (int i = 0; i < TASKS; i++) {
                int at = i;
                group.fork(() -> {
                    FAILING.set(at, Thread.currentThread());
                    while (!full) {
                        LockSupport.park();
                    }
                    throw PREPARED;
                });
            }
            forkBlocked(group);
            fillAndAwaitInterrupt();
        }

        private static void deadline(TaskGroup group) throws InterruptedException {
            CancelScope.withTimeout(
                    Duration.ofMillis(500),
                    () ->
                            TaskGroup.run(
                                    Full::onPlatform,
                                    inner -> {
                                        forkBlocked(inner);
                                        fillAndAwaitInterrupt();
                                    }));
        }

        /** Waits in a way that needs no memory. */
        private static void fillAndAwaitInterrupt() throws InterruptedException {
            try {
                fill();
            } catch (OutOfMemoryError e) {
                for (int i = 0; i < TASKS; i++) {
                    LockSupport.unpark(FAILING.get(i));
                }
            }
            while (!Thread.interrupted()) {
                LockSupport.park();
            }
            throw INTERRUPTED;
        }

        /** Keeps whatever can be had, to the last object. */
        private static void fill() {
            Object[] last = null;
            for (int length = 1 << 20; ; length = Math.max(1, length / 2)) {
                try {
                    for (; ; ) {
                        Object[] next = new Object[length];
                        next[0] = last;
                        last = next;
                        kept = last;
                    }
                } catch (OutOfMemoryError e) {
                    if (length == 1) {
                        full = true;
                        throw e;
                    }
                }
            }
        }

        /** The outage lasts a while. */
        private static void free() {
            while (!full) {
                Thread.onSpinWait();
            }
            long end = System.nanoTime() + OUTAGE_NANOS;
            for (long left = OUTAGE_NANOS; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            kept = null;
        }
    }
}
