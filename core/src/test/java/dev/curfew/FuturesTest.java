package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for the JDK's futures and stages. */
class FuturesTest {
    private static <T> FutureTask<T> done(T value) {
        FutureTask<T> future = new FutureTask<>(() -> value);
        future.run();
        return future;
    }

    private static FutureTask<String> failed(Exception e) {
        FutureTask<String> future =
                new FutureTask<>(() -> {
                    throw e;
                });
        future.run();
        return future;
    }

    @ParameterizedTest
    @EnumSource
    void theValueIsReturnedNullToo(Kind kind) throws Exception {
        kind.run(() -> {
            assertThat(Tasks.await(CompletableFuture.completedFuture("a"))).isEqualTo("a");
            assertThat(Tasks.<Object>await(CompletableFuture.completedFuture(null))).isNull();
            assertThat(Tasks.await(CompletableFuture.completedStage("b"))).isEqualTo("b");
            assertThat(Tasks.await(done("c"))).isEqualTo("c");
            assertThat(Tasks.<Object>await(done(null))).isNull();
            CompletableFuture<String> later = new CompletableFuture<>();
            FutureTask<String> task = new FutureTask<>(() -> "late too");
            Thread waiter = Thread.currentThread();
            TaskGroup.run(group -> {
                group.fork(() -> {
                    Blocked.await(waiter);
                    later.complete("late");
                });
                assertThat(Tasks.await(later)).isEqualTo("late");
                group.fork(() -> {
                    Blocked.await(waiter);
                    task.run();
                });
                assertThat(Tasks.await(task)).isEqualTo("late too");
            });
        });
    }

    @Test
    void aFailureIsTheCauseWithoutItsWrapping() {
        IOException problem = new IOException("x");
        CompletableFuture<String> failed = CompletableFuture.failedFuture(problem);
        List<Future<String>> futures = List.of(failed, failed.thenApply(v -> v), failed(problem));
        for (Future<String> future : futures) {
            assertThatThrownBy(() -> Tasks.await(future))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
        }
        CompletionStage<String> stage = CompletableFuture.failedStage(problem);
        assertThatThrownBy(() -> Tasks.await(stage)).hasCause(problem);
        Error error = new AssertionError("e");
        assertThatThrownBy(() -> Tasks.await(CompletableFuture.failedFuture(error)))
                .hasCause(error);
        CompletionException bare = new CompletionException("no cause", null);
        assertThatThrownBy(() -> Tasks.await(CompletableFuture.failedFuture(bare))).hasCause(bare);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TC23")
    void aFutureThatSomebodyElseCancelledIsNotTheWaitersCancellation(Kind kind) throws Exception {
        kind.run(() -> {
            CompletableFuture<String> cancelled = new CompletableFuture<>();
            cancelled.cancel(true);
            FutureTask<String> task = new FutureTask<>(() -> "");
            task.cancel(true);
            for (Future<String> future : List.of(cancelled, cancelled.thenApply(v -> v), task)) {
                assertThatThrownBy(() -> Tasks.await(future))
                        .isInstanceOf(TaskCancelledException.class);
            }
            FutureTask<String> later = new FutureTask<>(() -> "");
            Thread waiter = Thread.currentThread();
            TaskGroup.run(group -> {
                group.fork(() -> {
                    Blocked.await(waiter);
                    later.cancel(true);
                });
                assertThatThrownBy(() -> Tasks.await(later))
                        .isInstanceOf(TaskCancelledException.class);
            });
            CancelScope.checkpoint();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("TC01")
    void aCancelledWaiterCancelsTheFutureItHasTakenOver(Kind kind) throws Exception {
        kind.run(() -> {
            for (boolean withoutInterrupts : new boolean[] {true, false}) {
                CompletableFuture<String> source = new CompletableFuture<>();
                CompletableFuture<String> future = new CompletableFuture<>();
                FutureTask<String> task = new FutureTask<>(() -> "");
                List<VoidWork<Exception>> waits =
                        List.of(
                                () -> Tasks.await(future),
                                () -> Tasks.await(task),
                                () -> Tasks.await(source.minimalCompletionStage()));
                for (VoidWork<Exception> wait : waits) {
                    assertThatThrownBy(() ->
                                    CancelScope.withTimeout(
                                            Duration.ofMillis(20),
                                            () -> {
                                                assertThatThrownBy(
                                                                () -> {
                                                                    if (withoutInterrupts) {
                                                                        CancelScope
                                                                                .withoutInterrupts(
                                                                                        wait);
                                                                    } else {
                                                                        wait.run();
                                                                    }
                                                                })
                                                        .isInstanceOfSatisfying(
                                                                CancelledException.class,
                                                                e ->
                                                                        assertThat(
                                                                                        e.reason()
                                                                                                .kind())
                                                                                .isEqualTo(
                                                                                        CancelReason
                                                                                                .Kind
                                                                                                .TIMED_OUT));
                                                CancelScope.checkpoint();
                                            }))
                            .isInstanceOf(DeadlineExceededException.class);
                }
                assertThat(future.isCancelled()).isTrue();
                assertThat(task.isCancelled()).isTrue();
                assertThat(source.isDone()).isFalse();
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        });
    }

    @Test
    void aStrangersInterruptCancelsTheFutureToo() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        FutureTask<String> task = new FutureTask<>(() -> "");
        for (Future<String> f : List.of(future, task)) {
            Kind.FOREIGN.run(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> Tasks.await(f))
                        .isInstanceOf(InterruptedException.class)
                        .isNotInstanceOf(CancelledException.class);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            });
        }
        assertThat(future.isCancelled()).isTrue();
    }

    @Test
    @Conformance("JV05")
    void whatIsDoneIsReturnedToACancelledCallerToo() throws Exception {
        Outcome<String> outcome =
                CancelScope.call(scope -> {
                    scope.cancel();
                    Thread.currentThread().interrupt();
                    return Tasks.await(CompletableFuture.completedFuture("a"))
                            + Tasks.await(done("b"));
                });
        assertThat(outcome).isEqualTo(new Outcome.Succeeded<>("ab"));
        Thread.interrupted();
    }

    @Test
    void aCancelledCallerWaitsForNothingThatIsNotDone() throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> "");
        CompletableFuture<String> future = new CompletableFuture<>();
        for (Future<String> f : List.of(task, future)) {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        assertThatThrownBy(CancelScope::checkpoint)
                                .isInstanceOf(CancelledException.class);
                        Tasks.await(f); // level-triggered
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            assertThat(f.isCancelled()).isTrue();
        }
    }

    @Test
    void theFutureOfATaskNamesItAndItsReason() throws Exception {
        TaskGroup.run(group -> {
            Task<Void> task = group.fork(() -> Blocked.forEver());
            CompletableFuture<Void> future = task.toCompletableFuture();
            task.cancel("by hand");
            assertThatThrownBy(() -> Tasks.await(future))
                    .isInstanceOfSatisfying(
                            TaskCancelledException.class,
                            e -> {
                                assertThat(e.task()).containsSame(task);
                                assertThat(e.reason().message()).isEqualTo("by hand");
                            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void theCodeBehindAnExecutorsFutureIsInterrupted(Kind kind) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            kind.run(() -> {
                CountDownLatch interrupted = new CountDownLatch(1);
                CountDownLatch started = new CountDownLatch(1);
                Future<String> future =
                        executor.submit(() -> {
                            started.countDown();
                            try {
                                Blocked.forEver();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                            return "";
                        });
                Blocked.await(started);
                assertThatThrownBy(() ->
                                CancelScope.withTimeout(
                                        Duration.ofMillis(20), () -> Tasks.await(future)))
                        .isInstanceOf(DeadlineExceededException.class);
                Blocked.await(interrupted);
            });
        }
    }
}
