package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Slow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What handles, scopes and exceptions tell. */
@Timeout(60)
class LookingTest {
    @Test
    @Conformance("IN04")
    void aHandleTellsTheFiveStatesApart() throws Exception {
        TaskGroup.run(group -> {
            Slow slow = new Slow();
            Task<?> task = group.fork(slow);
            Blocked.await(slow.started);
            assertThat(task.state()).isEqualTo(Task.State.RUNNING);
            task.cancel();
            assertThat(task.state()).isEqualTo(Task.State.CANCELLING);
            slow.mayEnd.countDown();
            task.join();
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            Task<?> fails =
                    group.forkIsolated(() -> {
                        throw new IOException("x");
                    });
            fails.join();
            assertThat(fails.state()).isEqualTo(Task.State.FAILED);
            Task<?> succeeds = group.fork(() -> 1);
            succeeds.join();
            assertThat(succeeds.state()).isEqualTo(Task.State.SUCCEEDED);
        });
    }

    @Test
    @Conformance("IN02")
    void namesArePathsAlsoOfTasksInTasksAndOfThoseThatNobodyNamed() throws Exception {
        TaskGroup.run(
                config -> config.withName("import"),
                group -> {
                    CountDownLatch known = new CountDownLatch(1);
                    List<Task<String>> inner = new ArrayList<>();
                    Task<?> outer =
                            group.fork(
                                    "fetch",
                                    () ->
                                            TaskGroup.run(block -> {
                                                inner.add(block.fork("part", () -> ownName(known)));
                                                inner.add(block.fork(() -> ownName(known)));
                                                known.countDown();
                                            }));
                    outer.join();
                    for (Task<String> task : inner) {
                        assertThat(task.await()).isEqualTo(task.name());
                    }
                    assertThat(inner.getFirst().name()).isEqualTo("import/fetch/part");
                    assertThat(inner.getLast().name())
                            .isEqualTo("import/fetch/#" + inner.getLast().id());
                });
    }

    private static String ownName(CountDownLatch known) throws InterruptedException {
        Blocked.await(known);
        return Task.current().orElseThrow().name();
    }

    @Test
    @Conformance({"IN05", "IN11"})
    void tooEarlyFailedAndCancelledAreToldApart() throws Exception {
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    CountDownLatch cleaning = new CountDownLatch(1);
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    CountDownLatch started = new CountDownLatch(1);
                    Task<Integer> task =
                            group.fork(() -> {
                                started.countDown();
                                try {
                                    Blocked.forEver();
                                } finally {
                                    cleaning.countDown();
                                    Blocked.await(mayEnd);
                                }
                                return 1;
                            });
                    Blocked.await(started);
                    assertThat(task.outcome()).isEmpty();
                    assertThat(task.cancelling()).isZero();
                    task.cancel();
                    Blocked.await(cleaning);
                    assertThat(task.state()).isEqualTo(Task.State.CANCELLING);
                    assertThat(task.cancelling()).isEqualTo(1);
                    assertThat(task.outcome()).isEmpty();
                    assertThat(task.toCompletableFuture().isDone()).isFalse();
                    mayEnd.countDown();
                    assertThatThrownBy(task::await).isInstanceOf(TaskCancelledException.class);
                    IOException problem = new IOException("x");
                    Task<Integer> failing =
                            group.fork(() -> {
                                throw problem;
                            });
                    assertThatThrownBy(failing::await)
                            .isInstanceOf(TaskFailedException.class)
                            .hasCause(problem);
                });
    }

    @Test
    @Conformance({"IN06", "TO40"})
    void aScopesTextSaysItsStateAndTheTimeLeft() throws Exception {
        List<CancelScope> kept = new ArrayList<>();
        var unused =
                CancelScope.run(scope -> {
                    assertThat(scope).hasToString("CancelScope[active]");
                    scope.reschedule(Deadline.after(Duration.ofMinutes(10)));
                    assertThat(scope.toString()).matches("CancelScope\\[active, .* left]");
                    scope.reschedule(Deadline.never());
                    assertThat(scope).hasToString("CancelScope[active]");
                    scope.cancel();
                    assertThat(scope).hasToString("CancelScope[cancelling]");
                    kept.add(scope);
                });
        CancelScope.run(scope -> kept.add(scope));
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                Duration.ofMillis(5),
                                () -> {
                                    kept.add(CancelScope.current());
                                    try {
                                        Blocked.forEver();
                                    } finally {
                                        assertThat(kept.getLast())
                                                .hasToString("CancelScope[expiring]");
                                    }
                                }))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(kept)
                .extracting(CancelScope::toString)
                .containsExactly(
                        "CancelScope[cancelled]", "CancelScope[ended]", "CancelScope[expired]");
    }

    @Test
    @Conformance("IN10")
    void theReasonSurvivesTheSerialisationOfItsException() throws Exception {
        CancelledException[] thrown = new CancelledException[1];
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() -> {
                        try {
                            CancelScope.sleep(Duration.ofMinutes(10));
                        } catch (CancelledException e) {
                            thrown[0] = e;
                            throw e;
                        }
                    });
            task.cancel("too late");
            task.join();
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown[0]);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            CancelReason copy = ((CancelledException) in.readObject()).reason();
            CancelReason reason = thrown[0].reason();
            assertThat(copy.kind()).isEqualTo(CancelReason.Kind.REQUESTED);
            assertThat(copy.message()).isEqualTo("too late");
            assertThat(copy.requestedBy()).isEqualTo(reason.requestedBy());
            assertThat(copy.when()).isEqualTo(reason.when());
            assertThat(copy.where()).isEqualTo(reason.where()).isNotEmpty();
        }
    }

    @Test
    @Conformance("LK11")
    void aReasonSaysWhichStackHasAsked() throws Exception {
        TaskGroup.run(group -> {
            Task<?> task = group.fork(() -> Blocked.forEver());
            askHere(task);
            assertThat(task.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c ->
                                    assertThat(c.reason().where().getFirst().getMethodName())
                                            .isEqualTo("askHere"));
        });
    }

    private static void askHere(Task<?> task) {
        task.cancel();
    }

    @Test
    @Conformance("IN12")
    void aStuckTasksStackIsInTheException() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch mayEnd = new CountDownLatch(1);
            Task<?> stuck = group.fork(() -> stuckHere(mayEnd));
            assertThatThrownBy(() -> stuck.cancelAndJoinWithin(Duration.ofMillis(50)))
                    .isInstanceOfSatisfying(
                            UnresponsiveTaskException.class,
                            e ->
                                    assertThat(e.stack())
                                            .anySatisfy(f ->
                                                    assertThat(f.getMethodName())
                                                            .isEqualTo("stuckHere")));
            mayEnd.countDown();
        });
    }

    private static void stuckHere(CountDownLatch mayEnd) {
        Blocked.uninterruptibly(mayEnd);
    }
}
