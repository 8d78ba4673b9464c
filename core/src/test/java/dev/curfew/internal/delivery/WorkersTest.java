package dev.curfew.internal.delivery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WorkersTest {
    private static final ThreadFactory FACTORY = Thread.ofPlatform().daemon().factory();
    private static final long HOUR = 3_600_000_000_000L;

    private static Workers workers(int limit) {
        return new Workers("workers-test", limit, () -> {});
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void actionsRunInOrderOnANamedPlatformDaemonThread() throws Exception {
        Workers workers = workers(1);
        BlockingQueue<Integer> ran = new LinkedBlockingQueue<>();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        workers.execute(() -> thread.complete(Thread.currentThread()));
        for (int i = 0; i < 100; i++) {
            int n = i;
            workers.execute(() -> ran.add(n));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(ran.poll(60, SECONDS)).isEqualTo(i);
        }
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().isVirtual()).isFalse();
        assertThat(thread.get().getName()).isEqualTo("workers-test");
    }

    @Test
    void thereIsNoThreadBeforeTheFirstAction() {
        assertThat(workers(4).threads()).isZero();
    }

    @Test
    void actionThatBlocksDelaysNoOther() {
        Workers workers = workers(8);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(7);
        CountDownLatch ran = new CountDownLatch(1);
        for (int i = 0; i < 7; i++) {
            workers.execute(() -> {
                blocked.countDown();
                await(release);
            });
        }

        workers.execute(ran::countDown);

        await(blocked);
        await(ran);
        assertThat(workers.threads()).isEqualTo(8);
        release.countDown();
    }

    @Test
    void limitIsKeptAndToldOncePerEpisode() throws Exception {
        Semaphore told = new Semaphore(0);
        Workers workers = new Workers("workers-test", 2, told::release);
        for (int episode = 0; episode < 2; episode++) {
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch blocked = new CountDownLatch(2);
            CountDownLatch late = new CountDownLatch(5);
            for (int i = 0; i < 2; i++) {
                workers.execute(() -> {
                    blocked.countDown();
                    await(release);
                });
            }
            await(blocked);
            for (int i = 0; i < 5; i++) {
                workers.execute(late::countDown);
            }

            assertThat(told.tryAcquire(60, SECONDS)).isTrue();
            assertThat(workers.threads()).isEqualTo(2);
            assertThat(late.getCount()).isEqualTo(5);
            workers.execute(() -> {});
            release.countDown();
            await(late);
            assertThat(told.availablePermits()).isZero();
            CountDownLatch empty = new CountDownLatch(1);
            workers.execute(empty::countDown);
            await(empty);
        }
    }

    @Test
    @Conformance("LK10")
    void actionThatThrowsIsReportedAndTheThreadGoesOn() throws Exception {
        Error defect = new StackOverflowError("WorkersTest");
        CompletableFuture<Report> reported = new CompletableFuture<>();
        Workers workers = workers(1);
        CompletableFuture<Thread> first = new CompletableFuture<>();
        CompletableFuture<Thread> second = new CompletableFuture<>();
        try (Reports.Capture capture =
                Reports.capture((id, message, problem) -> {
                    if (problem == defect) {
                        reported.complete(id);
                    }
                })) {
            assertThat(capture).isNotNull();
            workers.execute(() -> {
                first.complete(Thread.currentThread());
                throw defect;
            });
            workers.execute(() -> second.complete(Thread.currentThread()));

            assertThat(reported.get(60, SECONDS)).isEqualTo(Report.INTERNAL);
            assertThat(second.get(60, SECONDS)).isSameAs(first.get());
        }
    }

    @Test
    void interruptStatusThatAnActionLeavesIsNotTheNextOnes() throws Exception {
        Workers workers = workers(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        workers.execute(() -> Thread.currentThread().interrupt());
        workers.execute(() -> interrupted.complete(Thread.currentThread().isInterrupted()));

        assertThat(interrupted.get(60, SECONDS)).isFalse();
    }

    @Test
    void strangersInterruptOfAnIdleThreadCostsNoAction() throws Exception {
        Workers workers = new Workers("workers-test", 1, () -> {}, HOUR, FACTORY);
        CompletableFuture<Thread> first = new CompletableFuture<>();
        workers.execute(() -> first.complete(Thread.currentThread()));
        first.get(60, SECONDS).interrupt();

        CompletableFuture<Thread> second = new CompletableFuture<>();
        workers.execute(() -> second.complete(Thread.currentThread()));

        assertThat(second.get(60, SECONDS)).isSameAs(first.get());
    }

    @Test
    void idleThreadsLeaveAndTheNextActionStartsOne() throws Exception {
        Workers workers = new Workers("workers-test", 4, () -> {}, 1_000_000, FACTORY);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            workers.execute(() -> thread.complete(Thread.currentThread()));

            thread.get(60, SECONDS).join();
            assertThat(workers.threads()).isZero();
        }
    }

    @Test
    void noActionIsLostWhileThreadsComeAndLeave() throws Exception {
        Workers workers = new Workers("workers-test", 4, () -> {}, 1, FACTORY);
        int threads = 4;
        int each = 2_000;
        CountDownLatch ran = new CountDownLatch(threads * each);
        AtomicInteger runs = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            callers.add(
                    FACTORY.newThread(() -> {
                        for (int i = 0; i < each; i++) {
                            workers.execute(() -> {
                                runs.incrementAndGet();
                                ran.countDown();
                            });
                            if (i % 7 == 0) {
                                Thread.yield();
                            }
                        }
                    }));
        }
        callers.forEach(Thread::start);

        await(ran);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(runs).hasValue(threads * each);
    }

    @Test
    @Conformance("LK10")
    void actionWaitsForAThreadThatCannotBeStartedAndItIsReported() throws Exception {
        OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
        AtomicInteger attempts = new AtomicInteger();
        ThreadFactory factory =
                body -> {
                    if (attempts.incrementAndGet() <= 2) {
                        throw noThread;
                    }
                    return FACTORY.newThread(body);
                };
        Workers workers = new Workers("workers-test", 4, () -> {}, HOUR, factory);
        CompletableFuture<Report> reported = new CompletableFuture<>();
        CountDownLatch ran = new CountDownLatch(1);
        try (Reports.Capture capture =
                Reports.capture((id, message, problem) -> {
                    if (problem == noThread) {
                        reported.complete(id);
                    }
                })) {
            assertThat(capture).isNotNull();
            workers.execute(ran::countDown);

            await(ran);
            assertThat(reported.get(60, SECONDS)).isEqualTo(Report.INTERNAL);
        }
        assertThat(attempts).hasValueGreaterThanOrEqualTo(3);
    }

    @Test
    void actionMayExecuteAnother() {
        Workers workers = workers(1);
        CountDownLatch ran = new CountDownLatch(1);

        workers.execute(() -> workers.execute(ran::countDown));

        await(ran);
    }
}
