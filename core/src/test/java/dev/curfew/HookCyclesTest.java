package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cancel hook is part of its task's end: what it waits for can close a cycle of waits. */
class HookCyclesTest {

    /** What the hook of a task waits for. */
    private enum Wait {
        JOIN((task, group) -> task.join()),
        CANCEL_AND_JOIN((task, group) -> task.cancelAndJoin()),
        JOIN_OF_THE_GROUP((task, group) -> group.join()),
        CLOSE_OF_THE_GROUP((task, group) -> group.close()),
        FUTURE((task, group) -> Tasks.joinAll(List.of(task)));

        final Waiting by;

        Wait(Waiting by) {
            this.by = by;
        }
    }

    @FunctionalInterface
    private interface Waiting {
        void run(Task<?> task, ServiceGroup group) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC20")
    void aHookThatWaitsForItsOwnTaskIsRefused(Wait wait) throws Exception {
        CompletableFuture<WaitCycleException> refused = new CompletableFuture<>();
        ServiceGroup group = ServiceGroup.open("group");
        CountDownLatch inside = new CountDownLatch(1);
        Task<?> task =
                group.fork(
                        "hooked",
                        () -> {
                            Task<?> self = Task.current().orElseThrow();
                            CancelScope.onCancel(
                                    () -> {
                                        try {
                                            wait.by.run(self, group);
                                        } catch (WaitCycleException e) {
                                            refused.complete(e);
                                        }
                                    },
                                    () -> {
                                        inside.countDown();
                                        refused.join();
                                    });
                        });
        Blocked.await(inside);
        task.cancel();
        assertThat(refused.get(30, TimeUnit.SECONDS).cycle().getFirst()).contains("hooked");
        group.close();
        assertThat(task.absorbed()).isTrue();
    }

    @Test
    @Conformance("AC22")
    void aHookThatWaitsForATaskThatWaitsForItsTaskIsRefused() throws Exception {
        CompletableFuture<WaitCycleException> refused = new CompletableFuture<>();
        TaskGroup.run(group -> {
            CountDownLatch inside = new CountDownLatch(1);
            CompletableFuture<Task<?>> other = new CompletableFuture<>();
            Task<?> hooked =
                    group.fork(
                            "hooked",
                            () ->
                                    CancelScope.onCancel(
                                            () -> {
                                                try {
                                                    other.join().cancelAndJoin();
                                                } catch (WaitCycleException e) {
                                                    refused.complete(e);
                                                }
                                            },
                                            () -> {
                                                inside.countDown();
                                                refused.join();
                                            }));
            CompletableFuture<Thread> waiting = new CompletableFuture<>();
            Task<?> waiter =
                    group.fork(
                            "waiter",
                            () -> {
                                waiting.complete(Thread.currentThread());
                                hooked.join();
                            });
            Blocked.await(inside);
            Blocked.await(waiting.join());
            other.complete(waiter);
            hooked.cancel();
            assertThat(refused.get(30, TimeUnit.SECONDS).cycle()).hasSize(2);
            assertThat(waiter.join()).isInstanceOf(Outcome.Succeeded.class);
        });
    }
}
