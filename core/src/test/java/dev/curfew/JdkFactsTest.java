package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import dev.curfew.testing.Slow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDK does when it is interrupted or cancelled, and what the library makes of it. */
@Timeout(60)
class JdkFactsTest {
    private static Thread unstarted(Kind kind, Runnable body) {
        return kind == Kind.VIRTUAL
                ? Thread.ofVirtual().unstarted(body)
                : Thread.ofPlatform().daemon().unstarted(body);
    }

    private static UnaryOperator<Config> on(Kind kind) {
        return config -> config.withThreadFactory(body -> unstarted(kind, body));
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("JV01")
    void anInterruptBeforeTheStartIsSeenByTheBodyAndSoIsACancellation(Kind kind) throws Exception {
        CompletableFuture<Boolean> bare = new CompletableFuture<>();
        Thread thread =
                unstarted(kind, () -> bare.complete(Thread.currentThread().isInterrupted()));
        thread.interrupt();
        thread.start();
        assertThat(bare.get(30, TimeUnit.SECONDS)).isTrue();

        List<Object> seen = new CopyOnWriteArrayList<>();
        AtomicReference<TaskGroup> itself = new AtomicReference<>();
        TaskGroup.run(
                config ->
                        config.withThreadFactory(body -> {
                            itself.get().cancel();
                            return unstarted(kind, body);
                        }),
                group -> {
                    itself.set(group);
                    Task<?> task =
                            group.fork(() -> {
                                seen.add(Thread.currentThread().isInterrupted());
                                Thread.sleep(600_000);
                                seen.add("slept");
                            });
                    Outcome<?> outcome = CancelScope.shield(() -> task.join());
                    assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                });
        assertThat(seen).containsExactly(true);
    }

    /** Waits that no interrupt ends. */
    enum Deaf {
        MONITOR {
            private final Object monitor = new Object();

            @Override
            Runnable hold() {
                CountDownLatch held = new CountDownLatch(1);
                CountDownLatch mayLeave = new CountDownLatch(1);
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            synchronized (monitor) {
                                held.countDown();
                                Blocked.uninterruptibly(mayLeave);
                            }
                        });
                Blocked.uninterruptibly(held);
                return mayLeave::countDown;
            }

            @Override
            void block() {
                synchronized (monitor) {
                    return;
                }
            }
        },
        LOCK {
            private final ReentrantLock lock = new ReentrantLock();

            @Override
            Runnable hold() {
                lock.lock();
                return lock::unlock;
            }

            @Override
            void block() {
                lock.lock();
                lock.unlock();
            }
        },
        PERMIT {
            private final Semaphore permits = new Semaphore(0);

            @Override
            Runnable hold() {
                return permits::release;
            }

            @Override
            void block() {
                permits.acquireUninterruptibly();
            }
        },
        FUTURE {
            private volatile CompletableFuture<Integer> future = new CompletableFuture<>();

            @Override
            Runnable hold() {
                future = new CompletableFuture<>();
                return () -> future.complete(1);
            }

            @Override
            void block() {
                future.join();
            }
        };

        abstract Runnable hold();

        abstract void block();
    }

    @ParameterizedTest
    @CsvSource({
        "VIRTUAL,MONITOR", "VIRTUAL,LOCK", "VIRTUAL,PERMIT", "VIRTUAL,FUTURE",
        "PLATFORM,MONITOR", "PLATFORM,LOCK", "PLATFORM,PERMIT", "PLATFORM,FUTURE"
    })
    @Conformance("JV03")
    void aWaitThatIgnoresInterruptsLeavesTheStatusSetAndTheNextCheckpointThrows(
            Kind kind, Deaf deaf) throws Exception {
        List<Object> seen = new CopyOnWriteArrayList<>();
        Runnable letGo = deaf.hold();
        ServiceGroup others = ServiceGroup.open("others");
        TaskGroup.run(
                on(kind),
                group -> {
                    CompletableFuture<Thread> inside = new CompletableFuture<>();
                    Task<?> task =
                            group.fork(() -> {
                                inside.complete(Thread.currentThread());
                                deaf.block();
                                seen.add(Thread.currentThread().isInterrupted());
                                CancelScope.checkpoint();
                                seen.add("went on");
                            });
                    Blocked.await(inside.get(30, TimeUnit.SECONDS));
                    task.cancel();
                    Deliveries.await(others);
                    assertThat(task.outcome()).isEmpty();
                    letGo.run();
                    assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
                });
        others.close();
        assertThat(seen).containsExactly(true);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("JV05")
    void whatHasEndedIsReturnedByEveryWaitAlsoToACancelledCaller(Kind kind) throws Exception {
        Task<Integer> task = ExceptionsTest.task("ended");
        List<Task<Integer>> tasks = List.of(task);
        ServiceGroup empty = ServiceGroup.open("empty");
        List<String> events = new CopyOnWriteArrayList<>();
        kind.run(() -> {
            for (boolean told : new boolean[] {false, true}) {
                Outcome<?> outcome =
                        CancelScope.run(scope -> {
                            scope.cancel();
                            if (told) {
                                assertThatThrownBy(CancelScope::checkpoint)
                                        .isInstanceOf(CancelledException.class);
                            }
                            assertThat(task.join().get()).isEqualTo(1);
                            assertThat(task.await()).isEqualTo(1);
                            assertThat(task.joinWithin(Duration.ZERO)).isPresent();
                            assertThat(task.cancelAndJoin().get()).isEqualTo(1);
                            assertThat(task.cancelAndJoinWithin(Duration.ZERO).get()).isEqualTo(1);
                            assertThat(Tasks.awaitAll(tasks)).containsExactly(1);
                            assertThat(Tasks.joinAll(tasks).done()).containsExactly(task);
                            assertThat(Tasks.joinFirst(tasks).done()).containsExactly(task);
                            assertThat(Tasks.cancelAndJoinAll(tasks)).hasSize(1);
                            try (Completions<Integer> completions = Tasks.completions(tasks)) {
                                assertThat(completions.next()).containsSame(task);
                                assertThat(completions.next()).isEmpty();
                            }
                            empty.join();
                            events.add("all have returned");
                            CancelScope.checkpoint();
                        });
                assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
            }
        });
        empty.close();
        assertThat(events).containsExactly("all have returned", "all have returned");
    }

    @Test
    @Conformance("JV06")
    void theJdksFutureIsDoneWhileTheBodyRunsAndOursIsNot() throws Exception {
        Slow theirs = new Slow();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> future =
                    executor.submit(() -> {
                        theirs.run();
                        return 1;
                    });
            Blocked.await(theirs.started);
            assertThat(future.cancel(true)).isTrue();
            assertThat(future).isDone();
            assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
            Blocked.await(theirs.cleaning);
            theirs.mayEnd.countDown();
        }

        Slow ours = new Slow();
        TaskGroup.run(group -> {
            Task<?> task = group.fork(ours);
            Blocked.await(ours.started);
            CompletableFuture<?> future = task.toCompletableFuture();
            assertThat(future.cancel(true)).isTrue();
            Blocked.await(ours.cleaning);
            assertThat(future).isNotDone();
            assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            ours.mayEnd.countDown();
            assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
            assertThat(ours.written()).isEqualTo(42);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Conformance("JV08")
    void theJdksCancelReachesNobodyAndThatOfOurFutureReachesTheTask(boolean mayInterrupt)
            throws Exception {
        CompletableFuture<Thread> worker = new CompletableFuture<>();
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Boolean> undisturbed = new CompletableFuture<>();
        CompletableFuture<?> theirs =
                CompletableFuture.runAsync(
                        () -> {
                            worker.complete(Thread.currentThread());
                            Blocked.uninterruptibly(mayEnd);
                            undisturbed.complete(!Thread.currentThread().isInterrupted());
                        },
                        body -> Thread.ofVirtual().start(body));
        Blocked.await(worker.get(30, TimeUnit.SECONDS));
        assertThat(theirs.cancel(mayInterrupt)).isTrue();
        assertThat(theirs).isDone();
        mayEnd.countDown();
        assertThat(undisturbed.get(30, TimeUnit.SECONDS)).isTrue();

        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        started.countDown();
                        Blocked.forEver();
                    });
            Blocked.await(started);
            assertThat(task.toCompletableFuture().cancel(mayInterrupt)).isTrue();
            assertThat(task.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c ->
                                    assertThat(c.reason().kind())
                                            .isEqualTo(CancelReason.Kind.REQUESTED));
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"JV09", "JV10"})
    void theEndOfABlockWaitsForCleanUpThoughAStrangerInterruptsItTwice(Kind kind) throws Exception {
        kind.run(() -> {
            Slow slow = new Slow();
            Thread body = Thread.currentThread();
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                group.fork(slow);
                                Blocked.await(slow.started);
                                Thread.ofPlatform()
                                        .daemon()
                                        .start(() -> {
                                            Blocked.await(body);
                                            body.interrupt();
                                            Blocked.uninterruptibly(slow.cleaning);
                                            Blocked.await(body);
                                            body.interrupt();
                                            Blocked.await(body);
                                            slow.mayEnd.countDown();
                                        });
                            }))
                    .isInstanceOfSatisfying(
                            CancelledException.class,
                            e ->
                                    assertThat(e.reason().kind())
                                            .isEqualTo(CancelReason.Kind.INTERRUPTED));
            assertThat(slow.written()).isEqualTo(42);
            assertThat(slow.signalsInCleanUp).hasValue(0);
            Thread.interrupted(); // the second one may still be there
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("JV10")
    void tasksThatCleanUpAreNotInterruptedAgainWhoeverElseCancelsTheirOwner(Kind kind)
            throws Exception {
        Slow slow = new Slow();
        ServiceGroup others = ServiceGroup.open("others");
        TaskGroup.run(
                on(kind),
                group -> {
                    CompletableFuture<CancelScope> around = new CompletableFuture<>();
                    Task<?> owner =
                            group.fork(() ->
                                    CancelScope.run(scope -> {
                                        around.complete(scope);
                                        TaskGroup.run(on(kind), inner -> inner.fork(slow));
                                    }));
                    Blocked.await(slow.started);
                    around.get(30, TimeUnit.SECONDS).cancel("scope");
                    Blocked.await(slow.cleaning);
                    owner.cancel("one");
                    owner.cancel("two");
                    group.cancel("group");
                    Deliveries.await(others);
                    slow.mayEnd.countDown();
                });
        others.close();
        assertThat(slow.written()).isEqualTo(42);
        assertThat(slow.signalsInCleanUp).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("JV14")
    void aTimeoutLeavesAfterTheCleanUpOfTheTasksInIt(Kind kind) throws Exception {
        ServiceGroup others = ServiceGroup.open("others");
        kind.run(() -> {
            Slow slow = new Slow();
            Thread body = Thread.currentThread();
            others.fork(() -> {
                Blocked.await(slow.cleaning);
                Blocked.await(body);
                slow.mayEnd.countDown();
            });
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    Duration.ofMillis(20),
                                    () -> TaskGroup.run(group -> group.fork(slow))))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThat(slow.mayEnd.getCount()).isZero();
            assertThat(slow.written()).isEqualTo(42);
            assertThat(slow.signalsInCleanUp).hasValue(0);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        others.close();
    }
}
