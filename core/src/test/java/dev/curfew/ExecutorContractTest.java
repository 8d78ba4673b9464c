package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The public contract of {@link ExecutorService} and {@link Future}. Runs against the JDK's own
 * executor too, which shows that the cases are those of the contract.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource
class ExecutorContractTest {
    enum Made {
        BY_THE_JDK(null),
        BY_A_GROUP(config -> config),
        BY_A_GROUP_OF_PLATFORM_THREADS(
                config -> config.withThreadFactory(Thread.ofPlatform().factory()));

        final @Nullable UnaryOperator<Config> config;

        Made(@Nullable UnaryOperator<Config> config) {
            this.config = config;
        }
    }

    @Parameter Made made;

    private final List<ExecutorService> opened = new ArrayList<>();

    private final List<ServiceGroup> groups = new ArrayList<>();

    private ExecutorService open() {
        ExecutorService executor =
                made.config == null
                        ? Executors.newVirtualThreadPerTaskExecutor()
                        : view(made.config);
        opened.add(executor);
        return executor;
    }

    private ExecutorService view(UnaryOperator<Config> config) {
        ServiceGroup group =
                ServiceGroup.open(
                        "contract", c -> config.apply(c).withFailureHandler((_, _) -> {}));
        groups.add(group);
        return group.asExecutorService();
    }

    @AfterEach
    void terminate() throws Exception {
        Thread.interrupted();
        for (ExecutorService executor : opened) {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        groups.forEach(ServiceGroup::close);
    }

    /** Blocks until interrupted, then holds its end back. */
    private static final class Stubborn implements Callable<String> {
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public String call() throws InterruptedException {
            started.countDown();
            try {
                Blocked.forEver();
                return "not reached";
            } catch (InterruptedException e) {
                interrupted.countDown();
                Blocked.uninterruptibly(mayEnd);
                throw e;
            } finally {
                ended.countDown();
            }
        }
    }

    private static Callable<String> failing(Throwable failure) {
        return () -> {
            if (failure instanceof Error e) {
                throw e;
            }
            throw (Exception) failure;
        };
    }

    private static Thread running(VoidWork<?> body, List<Throwable> thrown) {
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        body.run();
                    } catch (Throwable e) {
                        thrown.add(e);
                    }
                });
    }

    // ---- execute and submit ----------------------------------------------------------------

    @Test
    void executeRunsTheCommandAndSeesWhatWasWrittenBefore() throws Exception {
        ExecutorService executor = open();
        int[] written = {0};
        written[0] = 1;
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        executor.execute(() -> seen.complete(written[0]));
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aCommandThatThrowsStopsNothing() throws Exception {
        ExecutorService executor = open();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});
        try {
            executor.execute(() -> {
                throw new IllegalArgumentException();
            });
            assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void submitHasTheThreeForms() throws Exception {
        ExecutorService executor = open();
        AtomicBoolean ran = new AtomicBoolean();
        assertThat(executor.submit(() -> "value").get()).isEqualTo("value");
        assertThat(executor.submit(() -> ran.set(true)).get()).isNull();
        assertThat(ran).isTrue();
        assertThat(executor.submit(() -> {}, "result").get()).isEqualTo("result");
        assertThat(executor.submit(() -> (String) null).get()).isNull();
    }

    @Test
    void theReaderOfAResultSeesWhatTheTaskWrote() throws Exception {
        ExecutorService executor = open();
        for (int i = 0; i < 200; i++) {
            int[] written = {0};
            executor.submit(() -> written[0] = 1).get();
            assertThat(written[0]).isEqualTo(1);
        }
    }

    @Test
    void nullTasksAreNullPointerExceptions() {
        ExecutorService executor = open();
        assertThatThrownBy(() -> executor.execute(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.submit((Callable<String>) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.submit((Runnable) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.submit(null, "result"))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void afterShutdownEveryFormIsRejected() {
        ExecutorService executor = open();
        executor.shutdown();
        List<Callable<String>> tasks = List.of(() -> "value");
        List<VoidWork<?>> forms =
                List.of(
                        () -> executor.execute(() -> {}),
                        () -> executor.submit(() -> "value"),
                        () -> executor.submit(() -> {}),
                        () -> executor.submit(() -> {}, "result"),
                        () -> executor.invokeAll(tasks),
                        () -> executor.invokeAll(tasks, 30, TimeUnit.SECONDS),
                        () -> executor.invokeAny(tasks),
                        () -> executor.invokeAny(tasks, 30, TimeUnit.SECONDS));
        for (VoidWork<?> form : forms) {
            assertThatThrownBy(form::run).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void manyTasksBlockAtTheSameTime() throws Exception {
        ExecutorService executor = open();
        CountDownLatch allStarted = new CountDownLatch(100);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(
                    executor.submit(() -> {
                        allStarted.countDown();
                        Blocked.await(allStarted);
                        return "met";
                    }));
        }
        for (Future<?> future : futures) {
            assertThat(future.get()).isEqualTo("met");
        }
    }

    // ---- futures ---------------------------------------------------------------------------

    @Test
    void aRunningTaskIsNotDone() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        Future<String> future = executor.submit(body);
        Blocked.await(body.started);
        assertThat(future.isDone()).isFalse();
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.state()).isEqualTo(Future.State.RUNNING);
        assertThatThrownBy(future::resultNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(future::exceptionNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> future.get(0, TimeUnit.SECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> future.get(-1, TimeUnit.SECONDS))
                .isInstanceOf(TimeoutException.class);
        body.mayEnd.countDown();
    }

    @Test
    void aSucceededTaskIsDoneAndCannotBeCancelled() throws Exception {
        ExecutorService executor = open();
        Future<String> future = executor.submit(() -> "value");
        assertThat(future.get(Long.MAX_VALUE, TimeUnit.DAYS)).isEqualTo("value");
        assertThat(future.isDone()).isTrue();
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(future.resultNow()).isEqualTo("value");
        assertThatThrownBy(future::exceptionNow).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureIsTheCauseOfAnExecutionException() throws Exception {
        ExecutorService executor = open();
        for (Throwable failure :
                List.of(new IOException("io"), new IllegalStateException(), new Error("error"))) {
            Future<String> future = executor.submit(failing(failure));
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(failure);
            assertThatThrownBy(() -> future.get(1, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            assertThat(future.isDone()).isTrue();
            assertThat(future.isCancelled()).isFalse();
            assertThat(future.cancel(true)).isFalse();
            assertThat(future.state()).isEqualTo(Future.State.FAILED);
            assertThat(future.exceptionNow()).isSameAs(failure);
            assertThatThrownBy(future::resultNow).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void cancelWithInterruptIsDoneAtOnceWhileTheTaskRuns() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        Future<String> future = executor.submit(body);
        Blocked.await(body.started);
        assertThat(future.cancel(true)).isTrue();
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isTrue();
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> future.get(1, TimeUnit.SECONDS))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(future::resultNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(future::exceptionNow).isInstanceOf(IllegalStateException.class);
        Blocked.await(body.interrupted);
        assertThat(body.ended.getCount()).isEqualTo(1);
        executor.shutdown();
        assertThat(executor.isTerminated()).isFalse();
        body.mayEnd.countDown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(future.isCancelled()).isTrue();
    }

    @Test
    void cancelWithoutInterruptLetsTheTaskComplete() throws Exception {
        ExecutorService executor = open();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<String> end = new CompletableFuture<>();
        Future<String> future =
                executor.submit(() -> {
                    started.countDown();
                    try {
                        Blocked.await(mayEnd);
                        end.complete("completed");
                    } catch (InterruptedException e) {
                        end.complete("interrupted");
                    }
                    return "value";
                });
        Blocked.await(started);
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isTrue();
        mayEnd.countDown();
        assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo("completed");
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void cancelReleasesThoseWhoWait() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        Future<String> future = executor.submit(body);
        Blocked.await(body.started);
        List<Throwable> thrown = new ArrayList<>();
        Thread waiter = running(future::get, thrown);
        Blocked.await(waiter);
        future.cancel(true);
        waiter.join();
        assertThat(thrown.getFirst()).isInstanceOf(CancellationException.class);
        body.mayEnd.countDown();
    }

    @Test
    void anInterruptEndsAWaitForARunningTaskAndNotOneForADoneOne() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        Future<String> running = executor.submit(body);
        Future<String> done = executor.submit(() -> "value");
        done.get();
        Thread.currentThread().interrupt();
        assertThat(done.get()).isEqualTo("value");
        assertThat(done.get(1, TimeUnit.SECONDS)).isEqualTo("value");
        assertThatThrownBy(running::get).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class);
        assertThat(running.isDone()).isFalse();
        body.mayEnd.countDown();
    }

    // ---- shutdown --------------------------------------------------------------------------

    @Test
    void shutdownLetsTheTasksCompleteAndDoesNotWait() throws Exception {
        ExecutorService executor = open();
        CountDownLatch mayEnd = new CountDownLatch(1);
        Future<String> future =
                executor.submit(() -> {
                    Blocked.await(mayEnd);
                    return "value";
                });
        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
        assertThat(executor.awaitTermination(-1, TimeUnit.SECONDS)).isFalse();
        mayEnd.countDown();
        assertThat(executor.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
        assertThat(future.get()).isEqualTo("value");
    }

    @Test
    void itIsNotTerminatedUnlessItWasShutDown() throws Exception {
        ExecutorService executor = open();
        assertThat(executor.isTerminated()).isFalse();
        executor.submit(() -> 1).get();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shutdownNowInterruptsTheTasksAndReturnsThoseThatNeverBegan() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        executor.submit(body);
        Blocked.await(body.started);
        assertThat(executor.shutdownNow()).isEmpty();
        Blocked.await(body.interrupted);
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        body.mayEnd.countDown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.shutdownNow()).isEmpty();
    }

    @Test
    void shutdownNowAfterShutdownStillInterrupts() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        executor.submit(body);
        Blocked.await(body.started);
        executor.shutdown();
        executor.shutdownNow();
        Blocked.await(body.interrupted);
        body.mayEnd.countDown();
    }

    @Test
    void anInterruptEndsAwaitTermination() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        executor.submit(body);
        executor.shutdown();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> executor.awaitTermination(30, TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(body.interrupted.getCount()).isEqualTo(1);
        body.mayEnd.countDown();
        assertThatThrownBy(() -> executor.awaitTermination(1, null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void closeWaitsForTheTasksAndCanBeRepeated() throws Exception {
        ExecutorService executor = open();
        Future<String> future =
                executor.submit(() -> {
                    Thread.sleep(20);
                    return "value";
                });
        executor.close();
        assertThat(future.resultNow()).isEqualTo("value");
        assertThat(executor.isTerminated()).isTrue();
        executor.close();
        assertThatThrownBy(() -> executor.submit(() -> 1))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aCloseThatIsInterruptedStopsTheTasksAndGoesOnWaiting() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        executor.submit(body);
        Blocked.await(body.started);
        AtomicBoolean status = new AtomicBoolean();
        Thread closer =
                Thread.ofPlatform()
                        .start(() -> {
                            executor.close();
                            status.set(Thread.currentThread().isInterrupted());
                        });
        Blocked.await(closer);
        assertThat(body.interrupted.getCount()).isEqualTo(1);
        closer.interrupt();
        Blocked.await(body.interrupted);
        assertThat(closer.join(Duration.ofMillis(50))).isFalse();
        assertThat(executor.isTerminated()).isFalse();
        body.mayEnd.countDown();
        closer.join();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(status).isTrue();
    }

    @Test
    void aCloseWithTheInterruptStatusSetStopsTheTasksToo() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        executor.submit(body);
        Blocked.await(body.started);
        body.mayEnd.countDown();
        Thread.currentThread().interrupt();
        executor.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(body.ended.getCount()).isZero();
        assertThat(executor.isTerminated()).isTrue();
        Thread.currentThread().interrupt();
        executor.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatIsSubmittedWhileItIsShutDownRunsWhollyOrIsRejected() throws Exception {
        for (int round = 0; round < 100; round++) {
            ExecutorService executor = open();
            List<Future<?>> accepted = new ArrayList<>();
            CountDownLatch first = new CountDownLatch(1);
            Thread submitter =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    while (true) {
                                        accepted.add(executor.submit(() -> "value"));
                                        first.countDown();
                                    }
                                } catch (RejectedExecutionException e) {
                                    // as it should
                                }
                            });
            Blocked.await(first);
            executor.close();
            submitter.join();
            for (Future<?> future : accepted) {
                assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
            }
        }
    }

    // ---- invokeAll -------------------------------------------------------------------------

    @Test
    void invokeAllReturnsDoneFuturesInTheOrderOfTheTasks() throws Exception {
        ExecutorService executor = open();
        IOException failure = new IOException();
        List<Callable<String>> tasks =
                List.of(
                        () -> {
                            Thread.sleep(20);
                            return "slow";
                        },
                        failing(failure),
                        () -> "fast");
        for (boolean timed : new boolean[] {false, true}) {
            List<Future<String>> futures =
                    timed
                            ? executor.invokeAll(tasks, Long.MAX_VALUE, TimeUnit.DAYS)
                            : executor.invokeAll(tasks);
            assertThat(futures).hasSize(3).allMatch(Future::isDone);
            assertThat(futures.get(0).get()).isEqualTo("slow");
            assertThat(futures.get(1).exceptionNow()).isSameAs(failure);
            assertThat(futures.get(2).get()).isEqualTo("fast");
        }
        assertThat(executor.invokeAll(List.<Callable<String>>of())).isEmpty();
        assertThat(executor.invokeAll(List.<Callable<String>>of(), 1, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void invokeAllRefusesNulls() {
        ExecutorService executor = open();
        List<Callable<String>> withNull = Arrays.asList(() -> "value", null);
        List<Callable<String>> tasks = List.of(() -> "value");
        assertThatThrownBy(() -> executor.invokeAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAll(withNull))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAll(null, 1, TimeUnit.SECONDS))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAll(withNull, 1, TimeUnit.SECONDS))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAll(tasks, 1, null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void invokeAllCancelsWhatIsUnfinishedAtTheTimeout() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        CountDownLatch quick = new CountDownLatch(1);
        List<Callable<String>> tasks =
                List.of(
                        () -> {
                            quick.countDown();
                            return "value";
                        },
                        () -> {
                            Blocked.await(quick);
                            return body.call();
                        });
        List<Future<String>> futures = executor.invokeAll(tasks, 3, TimeUnit.SECONDS);
        assertThat(futures.get(0).get()).isEqualTo("value");
        assertThat(futures.get(1).isDone()).isTrue();
        assertThat(futures.get(1).isCancelled()).isTrue();
        Blocked.await(body.interrupted);
        assertThat(body.ended.getCount()).isEqualTo(1);
        body.mayEnd.countDown();
        assertThat(executor.invokeAll(List.of(() -> 1), 0, TimeUnit.SECONDS))
                .allMatch(Future::isDone);
    }

    @Test
    void anInterruptedInvokeAllCancelsWhatIsUnfinished() throws Exception {
        ExecutorService executor = open();
        for (boolean timed : new boolean[] {false, true}) {
            Stubborn body = new Stubborn();
            List<Throwable> thrown = new ArrayList<>();
            Thread caller =
                    running(
                            () -> {
                                if (timed) {
                                    executor.invokeAll(List.of(body), 1, TimeUnit.DAYS);
                                } else {
                                    executor.invokeAll(List.of(body));
                                }
                            },
                            thrown);
            Blocked.await(body.started);
            caller.interrupt();
            Blocked.await(body.interrupted);
            body.mayEnd.countDown();
            caller.join();
            assertThat(thrown.getFirst()).isInstanceOf(InterruptedException.class);
        }
    }

    // ---- invokeAny -------------------------------------------------------------------------

    @Test
    void invokeAnyReturnsASuccessAndStopsTheOthers() throws Exception {
        ExecutorService executor = open();
        for (boolean timed : new boolean[] {false, true}) {
            Stubborn body = new Stubborn();
            List<Callable<String>> tasks =
                    List.of(
                            body,
                            failing(new IOException()),
                            () -> {
                                Blocked.await(body.started);
                                return "value";
                            });
            assertThat(
                            timed
                                    ? executor.invokeAny(tasks, Long.MAX_VALUE, TimeUnit.DAYS)
                                    : executor.invokeAny(tasks))
                    .isEqualTo("value");
            Blocked.await(body.interrupted);
            body.mayEnd.countDown();
        }
    }

    @Test
    void invokeAnyTakesANullForASuccess() throws Exception {
        ExecutorService executor = open();
        List<Callable<String>> tasks = List.of(() -> null);
        assertThat(executor.invokeAny(tasks)).isNull();
        assertThat(executor.invokeAny(tasks, 30, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void invokeAnyThrowsWhatATaskFailedWithIfNoneSucceeds() {
        ExecutorService executor = open();
        IOException one = new IOException("one");
        IOException other = new IOException("other");
        List<Callable<String>> tasks = List.of(failing(one), failing(other));
        assertThatThrownBy(() -> executor.invokeAny(tasks))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isIn(one, other);
        assertThatThrownBy(() -> executor.invokeAny(tasks, 30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isIn(one, other);
    }

    @Test
    void invokeAnyRefusesNullsAndNothing() {
        ExecutorService executor = open();
        List<Callable<String>> withNull = Arrays.asList((Callable<String>) null);
        List<Callable<String>> tasks = List.of(() -> "value");
        assertThatThrownBy(() -> executor.invokeAny(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAny(withNull))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAny(List.<Callable<String>>of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> executor.invokeAny(null, 1, TimeUnit.SECONDS))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> executor.invokeAny(withNull, 1, TimeUnit.SECONDS))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(
                        () -> executor.invokeAny(List.<Callable<String>>of(), 1, TimeUnit.SECONDS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> executor.invokeAny(tasks, 1, null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void invokeAnyTimesOutAndStopsTheTasks() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        assertThatThrownBy(() -> executor.invokeAny(List.of(body), 20, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        Blocked.await(body.interrupted);
        assertThat(body.ended.getCount()).isEqualTo(1);
        body.mayEnd.countDown();
    }

    @Test
    void anInterruptedInvokeAnyStopsTheTasks() throws Exception {
        ExecutorService executor = open();
        for (boolean timed : new boolean[] {false, true}) {
            Stubborn body = new Stubborn();
            List<Throwable> thrown = new ArrayList<>();
            Thread caller =
                    running(
                            () -> {
                                if (timed) {
                                    executor.invokeAny(List.of(body), 1, TimeUnit.DAYS);
                                } else {
                                    executor.invokeAny(List.of(body));
                                }
                            },
                            thrown);
            Blocked.await(body.started);
            caller.interrupt();
            Blocked.await(body.interrupted);
            body.mayEnd.countDown();
            caller.join();
            assertThat(thrown.getFirst()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aCallWithTheInterruptStatusSetThrowsInsteadOfWaitingAndClearsIt() throws Exception {
        ExecutorService executor = open();
        Stubborn body = new Stubborn();
        List<VoidWork<?>> calls =
                List.of(
                        () -> executor.invokeAny(List.of(body)),
                        () -> executor.invokeAny(List.of(body), 1, TimeUnit.DAYS),
                        () -> executor.invokeAll(List.of(body)),
                        () -> executor.invokeAll(List.of(body), 1, TimeUnit.DAYS));
        for (VoidWork<?> call : calls) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(call::run).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
        body.mayEnd.countDown();
    }

    // ---- what is built on it ---------------------------------------------------------------

    @Test
    void aCompletionServiceTellsInTheOrderOfEndingAndCancels() throws Exception {
        ExecutorService executor = open();
        var completions = new ExecutorCompletionService<String>(executor);
        Stubborn body = new Stubborn();
        Future<String> slow = completions.submit(body);
        Future<String> failed = completions.submit(failing(new IOException("io")));
        assertThat(completions.take()).isSameAs(failed);
        assertThat(failed.exceptionNow()).hasMessage("io");
        Future<String> fast = completions.submit(() -> "value");
        assertThat(completions.take()).isSameAs(fast);
        assertThat(fast.resultNow()).isEqualTo("value");
        Blocked.await(body.started);
        assertThat(slow.cancel(true)).isTrue();
        assertThat(slow.isDone()).isTrue();
        Blocked.await(body.interrupted);
        body.mayEnd.countDown();
        assertThat(completions.take()).isSameAs(slow);
    }

    @Test
    void completableFuturesRunOnIt() throws Exception {
        ExecutorService executor = open();
        assertThat(
                        CompletableFuture.supplyAsync(() -> 20, executor)
                                .thenApplyAsync(n -> n + 1, executor)
                                .get(30, TimeUnit.SECONDS))
                .isEqualTo(21);
    }
}
