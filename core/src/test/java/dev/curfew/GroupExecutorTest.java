package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the view of a group as an executor adds to the contract of {@link ExecutorService}. */
@Timeout(60)
class GroupExecutorTest {
    private record Failure(Task<?> task, Throwable exception) {}

    private final LinkedBlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
    private final ServiceGroup group =
            ServiceGroup.open(
                    "service",
                    config ->
                            config.withFailureHandler(
                                    (task, failure) -> failures.add(new Failure(task, failure))));
    private final ExecutorService executor = group.asExecutorService();

    @AfterEach
    void close() {
        Thread.interrupted();
        group.close();
    }

    private Throwable nextFailure() throws InterruptedException {
        Failure failure = failures.poll(30, TimeUnit.SECONDS);
        return failure == null ? new AssertionError("no failure was told") : failure.exception;
    }

    // ---- the group owns the tasks ----------------------------------------------------------

    @Test
    void eachTaskIsOneOfTheGroups() throws Exception {
        CompletableFuture<Task<?>> seen = new CompletableFuture<>();
        CountDownLatch mayEnd = new CountDownLatch(1);
        executor.submit(() -> {
            seen.complete(Task.current().orElseThrow());
            Blocked.await(mayEnd);
            return 1;
        });
        Task<?> task = seen.get(30, TimeUnit.SECONDS);
        assertThat(task.group()).isSameAs(group);
        assertThat(group.tasks()).containsExactly(task);
        assertThat(task.name()).startsWith("service/#");
        mayEnd.countDown();
    }

    @Test
    void closingTheGroupStopsTheTasksAndTheViewRejectsFromThen() throws Exception {
        Slow body = new Slow();
        Future<Void> future = executor.submit(Executors.callable(() -> run(body), null));
        Blocked.await(body.started);
        body.mayEnd.countDown();
        group.close();
        assertThat(body.written()).isEqualTo(42);
        assertThat(future.isDone()).isTrue();
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasCauseInstanceOf(GroupClosedException.class);
        assertThat(executor.isTerminated()).isFalse();
        executor.close();
        assertThat(executor.isTerminated()).isTrue();
    }

    private static void run(Slow body) {
        try {
            body.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shuttingDownAViewConcernsItsOwnTasksAlone() throws Exception {
        Task<?> sibling = group.fork(() -> Blocked.forEver());
        ExecutorService other = group.asExecutorService();
        Slow body = new Slow();
        body.mayEnd.countDown();
        other.submit(() -> {
            body.run();
            return 1;
        });
        Slow mine = new Slow();
        mine.mayEnd.countDown();
        executor.submit(() -> {
            mine.run();
            return 1;
        });
        Blocked.await(body.started);
        Blocked.await(mine.started);
        executor.shutdownNow();
        executor.close();
        assertThat(mine.written()).isEqualTo(42);
        assertThat(body.cleaning.getCount()).isEqualTo(1);
        assertThat(sibling.state()).isEqualTo(Task.State.RUNNING);
        assertThat(group.fork(() -> 1).await()).isEqualTo(1);
        assertThat(other.submit(() -> 2).get()).isEqualTo(2);
    }

    @Test
    void aTerminatedViewHasTasksThatHaveEnded() throws Exception {
        for (int round = 0; round < 200; round++) {
            ExecutorService view = group.asExecutorService();
            LinkedBlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>();
            view.execute(() -> tasks.add(Task.current().orElseThrow()));
            view.close();
            assertThat(tasks.remove().outcome()).isPresent();
        }
    }

    // ---- failures --------------------------------------------------------------------------

    @Test
    void whatExecutedWorkThrowsGoesToTheGroupsFailureHandler() throws Exception {
        IllegalStateException problem = new IllegalStateException();
        executor.execute(() -> {
            throw problem;
        });
        assertThat(nextFailure()).isSameAs(problem);
    }

    @Test
    void executedWorkThatFailsFailsABlockAndSubmittedWorkDoesNot() throws Exception {
        IllegalStateException problem = new IllegalStateException();
        Callable<Integer> failing =
                () -> {
                    throw problem;
                };
        TaskGroup.run(block -> {
            Future<?> future = block.asExecutorService().submit(failing);
            assertThatThrownBy(future::get).hasCause(problem);
            assertThat(block.fork(() -> 1).await()).isEqualTo(1);
        });
        assertThatThrownBy(() ->
                        TaskGroup.run(block -> {
                            block.asExecutorService()
                                    .execute(() -> {
                                        throw problem;
                                    });
                            Blocked.forEver();
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(problem);
    }

    @Test
    void aBlockWaitsForWhatCameThroughItsView() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService view =
                TaskGroup.call(block -> {
                    ExecutorService inner = block.asExecutorService();
                    inner.execute(() -> {
                        try {
                            Thread.sleep(20);
                        } catch (InterruptedException e) {
                            return;
                        }
                        ended.set(true);
                    });
                    return inner;
                });
        assertThat(ended).isTrue();
        assertThatThrownBy(() -> view.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @Conformance("LK02")
    void aFailureThatNobodyAskedTheFutureForIsTold() throws Exception {
        IOException read = new IOException("read");
        IOException unread = new IOException("unread");
        submitFailing(read, true);
        submitFailing(unread, false);
        Failure told = null;
        for (int i = 0; i < 300 && told == null; i++) {
            System.gc();
            told = failures.poll(50, TimeUnit.MILLISECONDS);
        }
        assertThat(told).isNotNull();
        assertThat(told.exception).isSameAs(unread);
        assertThat(failures).isEmpty();
    }

    private void submitFailing(IOException failure, boolean read) throws Exception {
        Future<?> future =
                executor.submit(() -> {
                    throw failure;
                });
        if (read) {
            assertThatThrownBy(future::get).hasCause(failure);
        } else {
            while (!future.isDone()) {
                group.join();
            }
        }
    }

    @Test
    @Conformance("AC13")
    void aFailureInTheCleanUpOfACancelledFutureIsTold() throws Exception {
        IOException problem = new IOException("clean-up");
        for (boolean interrupt : new boolean[] {true, false}) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            Future<?> future =
                    executor.submit(() -> {
                        started.countDown();
                        Blocked.uninterruptibly(mayEnd);
                        throw problem;
                    });
            Blocked.await(started);
            future.cancel(interrupt);
            mayEnd.countDown();
            assertThat(nextFailure()).isSameAs(problem);
            assertThat(future.isCancelled()).isTrue();
        }
    }

    @Test
    void invokeAnySuppressesFurtherFailures() {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(() -> {
                throw new IOException();
            });
        }
        assertThatThrownBy(() -> executor.invokeAny(tasks))
                .isInstanceOf(ExecutionException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
    }

    // ---- cancellation ----------------------------------------------------------------------

    @Test
    void aTaskWhoseFutureWasCancelledBeforeItBeganNeverRuns() throws Exception {
        CountDownLatch mayBegin = new CountDownLatch(1);
        ServiceGroup late =
                ServiceGroup.open(
                        "late",
                        config ->
                                config.withThreadFactory(run ->
                                        Thread.ofVirtual()
                                                .unstarted(() -> {
                                                    Blocked.uninterruptibly(mayBegin);
                                                    run.run();
                                                })));
        AtomicBoolean ran = new AtomicBoolean();
        for (boolean interrupt : new boolean[] {true, false}) {
            Future<?> future = late.asExecutorService().submit(() -> ran.set(true));
            assertThat(future.cancel(interrupt)).isTrue();
        }
        mayBegin.countDown();
        late.join();
        late.close();
        assertThat(ran).isFalse();
    }

    @Test
    @Conformance("TC18")
    void aFutureThatIsCancelledWithItsGroupIsCancelledWhenItsTaskHasEnded() throws Exception {
        Slow body = new Slow();
        Future<?> future =
                executor.submit(() -> {
                    body.run();
                    return 1;
                });
        Blocked.await(body.started);
        group.cancel("restart");
        Blocked.await(body.cleaning);
        assertThat(future.isDone()).isFalse();
        body.mayEnd.countDown();
        assertThatThrownBy(future::get)
                .isInstanceOf(CancellationException.class)
                .isInstanceOfSatisfying(
                        TaskCancelledException.class,
                        e -> assertThat(e.reason().message()).isEqualTo("restart"));
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(future.isCancelled()).isTrue();
    }

    @Test
    @Conformance({"TC21", "TC24"})
    void aCancelledWaiterIsToldItsOwnReasonAndTheTaskGoesOn() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Future<?> future =
                executor.submit(() -> {
                    Blocked.await(mayEnd);
                    return 1;
                });
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    scope.cancel("mine");
                    future.get();
                });
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo("mine"));
        mayEnd.countDown();
        assertThat(future.get()).isEqualTo(1);
    }

    @Test
    void aCancelledCloserStopsTheTasksWaitsAndStaysCancelled() throws Exception {
        Slow body = new Slow();
        executor.submit(() -> {
            body.run();
            return 1;
        });
        Blocked.await(body.started);
        body.mayEnd.countDown();
        AtomicBoolean reached = new AtomicBoolean();
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    scope.cancel();
                    executor.close();
                    assertThat(body.written()).isEqualTo(42);
                    reached.set(true);
                    Thread.sleep(60_000);
                });
        assertThat(reached).isTrue();
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    @Conformance("AC08")
    void aCloserThatWasToldBeforeIsNotToldAgain() throws Exception {
        Outcome<?> outcome =
                CancelScope.run(scope -> {
                    scope.cancel();
                    try {
                        CancelScope.checkpoint();
                    } finally {
                        executor.submit(() -> {
                            Blocked.forEver();
                            return 1;
                        });
                        executor.close();
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS);
                    }
                });
        assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        assertThat(executor.isTerminated()).isTrue();
    }

    // ---- cycles of waits -------------------------------------------------------------------

    @Test
    @Conformance("AC20")
    void aWaitForOneselfIsRefused() throws Exception {
        CompletableFuture<Future<?>> own = new CompletableFuture<>();
        Future<?> future =
                executor.submit(() -> {
                    assertThatThrownBy(() -> own.get().get())
                            .isInstanceOf(WaitCycleException.class);
                    assertThatThrownBy(executor::close).isInstanceOf(WaitCycleException.class);
                    assertThatThrownBy(() -> executor.awaitTermination(30, TimeUnit.SECONDS))
                            .isInstanceOf(WaitCycleException.class);
                    return 1;
                });
        own.complete(future);
        assertThat(future.get()).isEqualTo(1);
    }

    @Test
    @Conformance("AC22")
    void aRingOfFuturesIsRefused() throws Exception {
        CompletableFuture<Future<Integer>> second = new CompletableFuture<>();
        Callable<Integer> wait =
                () -> {
                    try {
                        return second.get().get();
                    } catch (WaitCycleException e) {
                        return 7;
                    }
                };
        Future<Integer> first = executor.submit(wait);
        second.complete(executor.submit(() -> first.get()));
        try {
            assertThat(first.get()).isEqualTo(7);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(WaitCycleException.class);
        }
    }

    @Test
    void aListenerToATasksEndMayCloseItsView() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        executor.execute(() ->
                Task.current()
                        .orElseThrow()
                        .onEnd(_ -> {
                            executor.close();
                            closed.countDown();
                        }));
        Blocked.await(closed);
    }

    // ---- the rest --------------------------------------------------------------------------

    @Test
    void textsNameTheGroup() throws Exception {
        assertThat(executor).hasToString("ExecutorService[service, 0 tasks]");
        executor.shutdown();
        assertThat(executor).hasToString("ExecutorService[service, terminated, 0 tasks]");
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .hasMessageContaining("executor of group service was shut down");
    }
}
