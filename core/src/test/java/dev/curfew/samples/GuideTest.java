package dev.curfew.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.CancelReason;
import dev.curfew.CancelScope;
import dev.curfew.CancelledException;
import dev.curfew.Deadline;
import dev.curfew.DeadlineExceededException;
import dev.curfew.FailurePolicy;
import dev.curfew.GroupClosedException;
import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import dev.curfew.testing.Blocked;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The guide's samples run and do what its text says. */
class GuideTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final class Prices implements TaskSamples.Shop {
        final AtomicInteger orders = new AtomicInteger();

        @Override
        public int price(String item) throws IOException {
            if (orders.get() > 0) {
                throw new IOException("closed");
            }
            return item.equals("lamp") ? 12 : 30;
        }

        @Override
        public void order(String item) {
            orders.incrementAndGet();
        }
    }

    @Test
    void tasksAreAwaitedAndFailuresUnwrapped() throws Exception {
        Prices shop = new Prices();
        assertThat(TaskSamples.sum(shop)).isEqualTo(42);
        assertThat(TaskSamples.sumOrIOException(shop)).isEqualTo(42);
        TaskSamples.orderAll(shop, List.of("lamp", "desk", "chair"));
        assertThat(shop.orders).hasValue(3);
        assertThatThrownBy(() -> TaskSamples.sum(shop)).isInstanceOf(TaskFailedException.class);
        assertThatThrownBy(() -> TaskSamples.sumOrIOException(shop))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aGroupThatKeepsGoingTellsEachOutcome() throws Exception {
        assertThat(
                        TaskSamples.tryAll(
                                List.of(
                                        () -> "one",
                                        () -> {
                                            throw new IOException("two");
                                        },
                                        () -> {
                                            Task.current().orElseThrow().cancel("three");
                                            return sleep();
                                        })))
                .satisfiesExactly(
                        one -> assertThat(one).isEqualTo("one"),
                        two -> assertThat(two).isEqualTo("failed: java.io.IOException: two"),
                        three -> assertThat(three).startsWith("cancelled: ").contains("three"));
    }

    private static String sleep() throws InterruptedException {
        CancelScope.sleep(LONG);
        return "slept";
    }

    @Test
    void oneTaskIsCancelledAndAwaited() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean closedAfterEnd = new AtomicBoolean();
        CountDownLatch following = new CountDownLatch(1);
        CancelSamples.followFor(
                new CancelSamples.Feed() {
                    @Override
                    public void follow() throws InterruptedException {
                        following.countDown();
                        try {
                            Blocked.forEver();
                        } finally {
                            ended.set(true);
                        }
                    }

                    @Override
                    public void close() {
                        closedAfterEnd.set(ended.get());
                    }
                },
                following);
        assertThat(closedAfterEnd).isTrue();
    }

    @Test
    void aTimeLimitOnAWaitDoesNotStopTheTask() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<String> task =
                    group.fork(() -> {
                        Blocked.await(mayEnd);
                        return "answer";
                    });
            assertThat(CancelSamples.answerOrSorry(task)).isEqualTo("sorry");
            assertThat(task.state()).isEqualTo(Task.State.RUNNING);
            mayEnd.countDown();
            assertThat(CancelSamples.answerOrSorry(task)).isEqualTo("answer");
        });
    }

    private record Shop(boolean slow) implements FirstSample.Shop {
        @Override
        public String price(String item) {
            return "12 EUR";
        }

        @Override
        public String stock(String item) throws InterruptedException {
            if (slow) {
                Blocked.forEver();
            }
            return "3 left";
        }

        @Override
        public void watchForRecalls(String item) {}
    }

    @Test
    void limitsAndDeadlinesCutWorkShort() throws Exception {
        assertThat(CancelSamples.ifQuick(new Shop(true), "lamp")).isEmpty();
        assertThat(CancelSamples.twoSteps(new Shop(false), Deadline.after(LONG)))
                .isEqualTo("12 EUR, 3 left");
        assertThatThrownBy(() ->
                        CancelSamples.twoSteps(
                                new Shop(true), Deadline.after(Duration.ofMillis(10))))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void aLoopThatComputesIsStoppedAtItsCheckpoint() throws Exception {
        assertThat(CancelSamples.sum(new int[] {1, 2, 3})).isEqualTo(6);
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                Duration.ZERO, () -> CancelSamples.sum(new int[5000])))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void aScopeIsCancelledByHand() throws Exception {
        assertThat(CancelSamples.search(List.of("a lamp", "a desk"), "desk", _ -> {}))
                .contains("a desk");
        assertThat(CancelSamples.search(List.of("a lamp"), "lamp", Runnable::run)).isEmpty();
    }

    @Test
    void aDeadlineIsMoved() throws Exception {
        List<Optional<Duration>> left = new ArrayList<>();
        CancelSamples.download(
                List.of(() -> left.add(CancelScope.remaining()), () -> left.add(Optional.empty())));
        assertThat(left).hasSize(2).first().satisfies(time -> assertThat(time).isPresent());
    }

    @Test
    void anOutcomeTellsWhy() throws Exception {
        TaskGroup.run(group -> {
            Task<?> stopped = group.fork(() -> Blocked.forEver());
            stopped.cancel("enough");
            assertThat(CancelSamples.howItEnded(stopped))
                    .isEqualTo(CancelReason.Kind.REQUESTED + ": enough");
            Task<?> done = group.fork(() -> "done");
            done.join();
            assertThat(CancelSamples.howItEnded(done)).startsWith("it had ended");
        });
    }

    @Test
    void aServiceTellsItsHandlerOrStopsAtAFailure() throws Exception {
        ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
        ServiceGroup handled = ServiceSamples.handler(problems);
        handled.fork(
                "fetch",
                () -> {
                    throw new IOException("gone");
                });
        handled.join();
        handled.close();
        assertThat(problems).singleElement().asString().contains("importer/fetch", "gone");

        ServiceGroup stopping = ServiceSamples.stopAtFailure();
        Task<?> broken =
                stopping.fork(() -> {
                    throw new IOException("gone");
                });
        broken.join();
        assertThatThrownBy(() -> stopping.fork(() -> "more"))
                .isInstanceOf(GroupClosedException.class)
                .hasMessageContaining("gone");
        stopping.close();
    }

    // ---- pitfalls -----------------------------------------------------------------------------

    @Test
    void twoCheckedExceptionsLeaveAsThemselves() throws Exception {
        assertThat(PitfallSamples.read(_ -> "value")).isEqualTo("value");
        assertThatThrownBy(() ->
                        PitfallSamples.read(_ -> {
                            throw new SQLException("broken");
                        }))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void aLoopThatCatchesEverythingGoesRoundForNothing() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        Error enough = new AssertionError("it went round a hundred times");
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    Task<?> loop =
                            group.fork(() ->
                                    PitfallSamples.copyWrong(
                                            GuideTest::sleep,
                                            _ -> {
                                                if (rounds.incrementAndGet() == 100) {
                                                    throw enough;
                                                }
                                            }));
                    loop.cancel();
                    assertThat(problem(loop)).isSameAs(enough);
                });
    }

    @Test
    void aLoopThatCatchesByNameEnds() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<String> copied = new ArrayList<>();
        CountDownLatch two = new CountDownLatch(2);
        TaskGroup.run(group -> {
            Task<?> loop =
                    group.fork(() ->
                            PitfallSamples.copy(
                                    () ->
                                            switch (calls.incrementAndGet()) {
                                                case 1 -> "one";
                                                case 2 -> throw new IOException("two");
                                                default -> sleep();
                                            },
                                    text -> {
                                        copied.add(text);
                                        two.countDown();
                                    }));
            Blocked.await(two);
            assertThat(loop.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(copied).containsExactly("one", "failed: java.io.IOException: two");
        });
    }

    @Test
    void cleanUpThatWaitsNeedsAShield() throws Exception {
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() ->
                            PitfallSamples.useAndGiveBack(
                                    () -> Task.current().orElseThrow().cancel(),
                                    Duration.ofMillis(5)));
            assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    void valuesAreReadBeforeTheFork() throws Exception {
        ThreadLocal<String> user = new ThreadLocal<>();
        user.set("Ada");
        assertThat(PitfallSamples.inTask(user)).isEqualTo("hello Ada");
        assertThat(
                        TaskGroup.<Boolean, RuntimeException>call(
                                group -> group.fork(() -> user.get() == null).await()))
                .isTrue();
    }

    @Test
    void waitsThatReactToInterruptsAreEndedByACancellation() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        CompletableFuture<String> never = new CompletableFuture<>();
        try {
            TaskGroup.run(group -> {
                Task<?> locker = group.fork(() -> PitfallSamples.withLock(lock, () -> {}));
                Task<?> waiter = group.fork(() -> PitfallSamples.waitFor(never));
                assertThat(locker.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                assertThat(waiter.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            });
        } finally {
            lock.unlock();
        }
        assertThat(PitfallSamples.waitFor(CompletableFuture.completedFuture("x"))).isEqualTo("x");
    }

    @Test
    void aSwallowedInterruptDoesNotFoolACheckpoint() throws Exception {
        CountDownLatch polled = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<?> poller =
                    group.fork(() ->
                            PitfallSamples.poll(() -> {
                                polled.countDown();
                                try {
                                    Blocked.forEver();
                                } catch (InterruptedException e) {
                                    // badly mannered
                                }
                                return "";
                            }));
            Blocked.await(polled);
            assertThat(poller.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    void aBodyThatReturnsAValueAbsorbsItsCancellation() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<String> task =
                    group.fork(() -> {
                        started.countDown();
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            return "partial";
                        }
                        return "whole";
                    });
            Blocked.await(started);
            assertThat(PitfallSamples.absorbed(task))
                    .isEqualTo("partial, although it was asked to stop");
        });
    }

    @Test
    void whatEndsATaskDecidesHowItIsClassified() throws Exception {
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    Task<?> late =
                            group.fork(() ->
                                    CancelScope.withTimeout(
                                            Duration.ofMillis(1), GuideTest::sleep));
                    assertThat(problem(late)).isInstanceOf(DeadlineExceededException.class);
                    Task<?> unasked =
                            group.fork(() -> {
                                throw new InterruptedException("nobody asked");
                            });
                    assertThat(problem(unasked)).isInstanceOf(InterruptedException.class);
                    Task<?> wrapped =
                            group.fork(() -> {
                                try {
                                    CancelScope.sleep(LONG);
                                } catch (CancelledException e) {
                                    throw new IllegalStateException("wrapped", e);
                                }
                            });
                    assertThat(wrapped.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
                });
    }

    private static Throwable problem(Task<?> task) throws InterruptedException {
        return task.join() instanceof Outcome.Failed<?>(_, Throwable exception)
                ? exception
                : new AssertionError("has not failed: " + task.state());
    }
}
