package dev.curfew.internal.time;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("holds all carriers, and sets the handler of uncaught exceptions")
@Timeout(60)
class TimerTest {
    private static long in(int millis) {
        return Nanos.fromNow(Duration.ofMillis(millis));
    }

    @Test
    void actionRunsWhenItsDeadlineHasCome() throws Exception {
        CompletableFuture<Long> ranAt = new CompletableFuture<>();
        long deadline = in(20);

        Timer.schedule(deadline, () -> ranAt.complete(System.nanoTime()));

        assertThat(ranAt.get(30, SECONDS) - deadline).isNotNegative();
    }

    @Test
    void actionThatIsDueRunsAtOnce() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);

        Timer.schedule(System.nanoTime() - 1_000_000, ran::countDown);

        assertThat(ran.await(30, SECONDS)).isTrue();
    }

    @Test
    void actionsRunInTheOrderOfTheirDeadlines() throws Exception {
        BlockingQueue<Integer> ran = new LinkedBlockingQueue<>();
        long now = in(100);
        for (int i : new int[] {3, 1, 4, 0, 2}) {
            Timer.schedule(now + i * 1_000_000L, () -> ran.add(i));
        }

        for (int i = 0; i < 5; i++) {
            assertThat(ran.poll(30, SECONDS)).isEqualTo(i);
        }
    }

    @Test
    void actionThatFindsNoMemoryRunsAgain() throws Exception {
        CountDownLatch runs = new CountDownLatch(3);

        Timer.schedule(
                in(0),
                () -> {
                    runs.countDown();
                    if (runs.getCount() > 0) {
                        throw new OutOfMemoryError("on purpose");
                    }
                });

        assertThat(runs.await(30, SECONDS)).isTrue();
    }

    @Test
    void cancelledActionDoesNotRun() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        CountDownLatch later = new CountDownLatch(1);
        long deadline = in(200);
        Timed timed = Timer.schedule(deadline, () -> ran.set(true));
        Timer.schedule(deadline + 1_000_000, later::countDown);

        timed.cancel();

        assertThat(later.await(30, SECONDS)).isTrue();
        assertThat(ran).isFalse();
    }

    @Test
    void cancelAfterTheRunAndCancelTwiceDoNothing() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        Timed timed = Timer.schedule(in(0), ran::countDown);
        assertThat(ran.await(30, SECONDS)).isTrue();

        timed.cancel();
        timed.cancel();

        assertThat(ran.getCount()).isZero();
    }

    @Test
    void neverIsNotScheduledAndCanBeCancelled() {
        Timed timed = Timer.schedule(Nanos.NEVER, () -> {});

        timed.cancel();
    }

    @Test
    void cancelledActionIsDroppedAtOnceNotAtItsTime() throws Exception {
        ReferenceQueue<Object> dropped = new ReferenceQueue<>();
        List<WeakReference<Object>> actions = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            actions.add(scheduledAndCancelled(dropped));
        }

        for (int i = 0; i < actions.size(); i++) {
            while (dropped.remove(100) == null) {
                System.gc();
            }
        }
    }

    private static WeakReference<Object> scheduledAndCancelled(ReferenceQueue<Object> dropped) {
        Runnable action =
                new Runnable() {
                    @Override
                    public void run() {}
                };
        Timer.schedule(Nanos.fromNow(Duration.ofDays(1)), action).cancel();
        return new WeakReference<>(action, dropped);
    }

    @Test
    void deadlineThatIsCancelledSoonLeavesNothingBehind() {
        for (int round = 0; round < 50; round++) {
            Timed live = Timer.schedule(in(60_000), () -> {});
            for (int i = 0; i < 100; i++) {
                Timer.schedule(in(60_000), () -> {}).cancel();
            }
            Timed last = Timer.schedule(in(60_000), () -> {});
            assertThat(last.below).isLessThanOrEqualTo(1);
            last.cancel();
            live.cancel();
        }
    }

    @Test
    void noneIsLostAmongOthersThatAreTakenBack() throws Exception {
        int threads = 4;
        int each = 5_000;
        CountDownLatch ran = new CountDownLatch(threads * each);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            all.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < each; i++) {
                                    Timed before = Timer.schedule(in(60_000), () -> {});
                                    Timer.schedule(in(i % 5), ran::countDown);
                                    Timed after = Timer.schedule(in(60_000), () -> {});
                                    (i % 2 == 0 ? before : after).cancel();
                                    (i % 2 == 0 ? after : before).cancel();
                                }
                            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(ran.await(30, SECONDS)).isTrue();
    }

    @Test
    void actionsRunOnOnePlatformDaemonThreadThatHoldsNothingOfItsUsers() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<ClassLoader> loader = new CompletableFuture<>();

        Timer.schedule(
                in(0),
                () -> {
                    thread.complete(Thread.currentThread());
                    loader.complete(Thread.currentThread().getContextClassLoader());
                });

        assertThat(thread.get(30, SECONDS).isVirtual()).isFalse();
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().getName()).isEqualTo("curfew-timer");
        assertThat(loader.get(30, SECONDS)).isSameAs(ClassLoader.getSystemClassLoader());
    }

    @Test
    @Conformance("LK10")
    void throwingActionGoesToTheUncaughtHandlerAndStopsNoOther() throws Exception {
        RuntimeException defect = new RuntimeException("a defect");
        CompletableFuture<Throwable> caught = new CompletableFuture<>();
        CountDownLatch next = new CountDownLatch(1);
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            caught.complete(e);
            throw new IllegalStateException("the handler's own");
        });
        try {
            long deadline = in(0);
            Timer.schedule(
                    deadline,
                    () -> {
                        throw defect;
                    });
            Timer.schedule(deadline + 1, next::countDown);

            assertThat(caught.get(30, SECONDS)).isSameAs(defect);
            assertThat(next.await(30, SECONDS)).isTrue();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void actionsRunWhileEveryCarrierIsHeldAndTheCommonPoolIsBusy() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        int processors = Runtime.getRuntime().availableProcessors();
        CountDownLatch held = new CountDownLatch(processors);
        CountDownLatch ran = new CountDownLatch(1);
        Runnable hold =
                () -> {
                    held.countDown();
                    while (!stop.get()) {
                        Thread.onSpinWait();
                    }
                };
        try {
            for (int i = 0; i < 2 * processors; i++) {
                Thread.startVirtualThread(hold);
                ForkJoinPool.commonPool().execute(hold);
            }
            assertThat(held.await(30, SECONDS)).isTrue();

            Timer.schedule(in(1), ran::countDown);

            assertThat(ran.await(30, SECONDS)).isTrue();
        } finally {
            stop.set(true);
        }
    }
}
