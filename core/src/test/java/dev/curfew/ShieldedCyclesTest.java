package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cycles that the end of a block closes, and in which no cancellation ends the other waits. */
class ShieldedCyclesTest {

    /** How a child waits for the one who waits for its owner. */
    enum Wait {
        IN_A_SHIELD {
            @Override
            void on(Task<?> task, CompletableFuture<Thread> waits) throws InterruptedException {
                waits.complete(Thread.currentThread());
                CancelScope.shield(() -> task.join());
            }
        },
        BY_CANCEL_AND_JOIN {
            @Override
            void on(Task<?> task, CompletableFuture<Thread> waits) throws InterruptedException {
                waits.complete(Thread.currentThread());
                task.cancelAndJoin();
            }
        },
        AT_THE_END_OF_A_BLOCK_IN_A_SHIELD {
            @Override
            void on(Task<?> task, CompletableFuture<Thread> waits) throws InterruptedException {
                CancelScope.shield(() ->
                        TaskGroup.run(group ->
                                group.fork(() -> {
                                    waits.complete(Thread.currentThread());
                                    assertThat(catchThrowable(task::join))
                                            .isInstanceOf(WaitCycleException.class);
                                })));
            }
        };

        abstract void on(Task<?> task, CompletableFuture<Thread> waits) throws InterruptedException;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"AC21", "CU17"})
    void theEndOfABlockThatClosesOneHasTheWaitInsideGivenUp(Wait wait) throws Exception {
        CompletableFuture<Throwable> inside = new CompletableFuture<>();
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    CompletableFuture<Task<?>> owner = new CompletableFuture<>();
                    CompletableFuture<Task<?>> other = new CompletableFuture<>();
                    CompletableFuture<Thread> otherWaits = new CompletableFuture<>();
                    CompletableFuture<Thread> child = new CompletableFuture<>();
                    CompletableFuture<Thread> childWaits = new CompletableFuture<>();
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    owner.complete(
                            group.fork(() ->
                                    TaskGroup.run(inner -> {
                                        inner.fork(() -> {
                                            Task<?> target = get(other);
                                            child.complete(Thread.currentThread());
                                            inside.complete(
                                                    catchThrowable(
                                                            () -> wait.on(target, childWaits)));
                                        });
                                        CancelScope.shield(() -> Blocked.await(mayEnd));
                                    })));
                    other.complete(
                            group.fork(() ->
                                    CancelScope.shield(() -> {
                                        Blocked.await(get(childWaits));
                                        Blocked.await(get(child));
                                        otherWaits.complete(Thread.currentThread());
                                        get(owner).join();
                                    })));
                    Blocked.await(get(otherWaits));
                    mayEnd.countDown();

                    assertThat(get(owner).join())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f ->
                                            assertThat(f.exception())
                                                    .isInstanceOf(WaitCycleException.class));
                    get(other).join();
                });
        if (wait == Wait.AT_THE_END_OF_A_BLOCK_IN_A_SHIELD) {
            assertThat(get(inside)).isNull(); // the task inside was told, and said so
        } else {
            assertThat(get(inside)).isInstanceOf(WaitCycleException.class);
        }
    }
}
