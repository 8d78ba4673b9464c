package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forks: those that fail, and those that race with the end or the cancellation of their group. */
class GroupForkTest {

    /** Ways in which a thread factory can be of no use. */
    enum Broken {
        RETURNS_NULL(IllegalStateException.class, "returned no thread") {
            @Override
            Thread make(Runnable body) {
                return null;
            }
        },
        RETURNS_A_STARTED_THREAD(IllegalStateException.class, "started already") {
            @Override
            Thread make(Runnable body) {
                return Thread.ofPlatform().daemon().start(() -> {});
            }
        },
        THROWS(UnsupportedOperationException.class, "no threads today") {
            @Override
            Thread make(Runnable body) {
                throw new UnsupportedOperationException("no threads today");
            }
        },
        ITS_THREADS_DO_NOT_START(OutOfMemoryError.class, "unable to create native thread") {
            @Override
            Thread make(Runnable body) {
                return new Unstartable(body, () -> {});
            }
        };

        final Class<? extends Throwable> type;
        final String message;

        Broken(Class<? extends Throwable> type, String message) {
            this.type = type;
            this.message = message;
        }

        abstract Thread make(Runnable body);

        /** Is of no use the first time, and good from then on. */
        ThreadFactory once() {
            AtomicBoolean first = new AtomicBoolean(true);
            return body -> first.getAndSet(false) ? make(body) : Thread.ofVirtual().unstarted(body);
        }
    }

    private static final class Unstartable extends Thread {
        private final Runnable before;

        Unstartable(Runnable body, Runnable before) {
            super(body);
            this.before = before;
        }

        @Override
        public void start() {
            before.run();
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("CU15")
    void aForkWithoutAThreadThrowsRunsNothingAndLeavesABlockAsItWas(Broken broken)
            throws Exception {
        AtomicInteger ran = new AtomicInteger();
        int value =
                TaskGroup.call(
                        config -> config.withThreadFactory(broken.once()),
                        group -> {
                            assertThatThrownBy(() -> group.fork(ran::incrementAndGet))
                                    .isInstanceOf(broken.type)
                                    .hasMessageContaining(broken.message);
                            assertThat(group.tasks()).isEmpty();
                            assertThat(group.reason()).isEmpty();
                            group.join();
                            return group.fork(() -> 7).await();
                        });
        assertThat(value).isEqualTo(7);
        assertThat(ran).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("CU15")
    void aForkWithoutAThreadLeavesAServiceGroupOpenAndItCloses(Broken broken) throws Exception {
        AtomicInteger ran = new AtomicInteger();
        ServiceGroup group =
                ServiceGroup.open("service", config -> config.withThreadFactory(broken.once()));
        assertThatThrownBy(() -> group.fork("first", ran::incrementAndGet))
                .isInstanceOf(broken.type);
        assertThat(group.tasks()).isEmpty();
        assertThat(group.fork("second", () -> 8).await()).isEqualTo(8);
        group.close();
        assertThat(ran).hasValue(0);
    }

    @Test
    @Conformance("CU15")
    void whoeverSawATaskWhoseThreadDidNotStartIsToldThatItEnded() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch mayFail = new CountDownLatch(1);
        List<Object> reports = new CopyOnWriteArrayList<>();
        CompletableFuture<Outcome<?>> listened = new CompletableFuture<>();
        CompletableFuture<Outcome<?>> joined = new CompletableFuture<>();
        ThreadFactory factory =
                body ->
                        new Unstartable(
                                body,
                                () -> {
                                    starting.countDown();
                                    Blocked.uninterruptibly(mayFail);
                                });
        try (var _ = Reports.capture((id, message, _) -> reports.add(id + message))) {
            TaskGroup.run(
                    config -> config.withThreadFactory(factory),
                    group -> {
                        Thread joiner =
                                Thread.ofPlatform()
                                        .daemon()
                                        .start(() -> {
                                            try {
                                                Blocked.await(starting);
                                                Task<?> seen = group.tasks().getFirst();
                                                seen.onEnd(listened::complete);
                                                mayFailOnceBlocked(mayFail);
                                                group.join();
                                                joined.complete(seen.join());
                                            } catch (Throwable e) {
                                                joined.completeExceptionally(e);
                                            }
                                        });
                        assertThatThrownBy(() -> group.fork(() -> 1))
                                .isInstanceOf(OutOfMemoryError.class);
                        assertThat(joined.get(20, TimeUnit.SECONDS))
                                .isInstanceOfSatisfying(
                                        Outcome.Failed.class,
                                        f ->
                                                assertThat(f.exception())
                                                        .isInstanceOf(OutOfMemoryError.class));
                        assertThat(listened.get(20, TimeUnit.SECONDS)).isNotNull();
                        assertThat(group.reason()).isEmpty();
                        joiner.join();
                    });
        }
        assertThat(reports).isEmpty();
    }

    /** Lets the start fail once the calling thread waits. */
    private static void mayFailOnceBlocked(CountDownLatch mayFail) {
        Thread caller = Thread.currentThread();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    Blocked.await(caller);
                    mayFail.countDown();
                });
    }

    @Test
    @Conformance("TG03")
    void whatARefusedForkWasHandedIsNeitherRunNorHeld() throws Exception {
        List<Thread> made = new CopyOnWriteArrayList<>();
        ThreadFactory noting =
                body -> {
                    Thread thread = Thread.ofVirtual().unstarted(body);
                    made.add(thread);
                    return thread;
                };
        AtomicInteger ran = new AtomicInteger();
        ServiceGroup closed =
                ServiceGroup.open("closed", config -> config.withThreadFactory(noting));
        closed.close();
        TaskGroup ended = TaskGroup.call(config -> config.withThreadFactory(noting), g -> g);
        for (TaskGroup group : List.of(closed, ended)) {
            WeakReference<Object> handed = refused(group, ran);
            Blocked.until(() -> {
                System.gc();
                return handed.get() == null;
            });
            assertThat(group.tasks()).isEmpty();
        }
        for (Thread thread : made) {
            assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
        }
        assertThat(ran).hasValue(0);
    }

    private static WeakReference<Object> refused(TaskGroup group, AtomicInteger ran) {
        byte[] handed = new byte[1000];
        assertThatThrownBy(() -> group.fork(() -> ran.addAndGet(handed.length)))
                .isInstanceOf(IllegalStateException.class)
                .isInstanceOf(GroupClosedException.class);
        return new WeakReference<>(handed);
    }

    @Test
    @Conformance({"TG47", "TG46"})
    void aTaskForkedByATaskOfAnotherGroupLivesAsLongAsItsOwnGroup() throws Exception {
        ServiceGroup receiving = ServiceGroup.open("receiving");
        AtomicReference<Task<?>> forked = new AtomicReference<>();
        TaskGroup.run(
                config -> config.withName("forking"),
                forking -> {
                    forking.fork(() -> {
                        forked.set(receiving.fork("child", () -> Blocked.forEver()));
                        Blocked.forEver();
                    });
                    Blocked.until(() -> forked.get() != null);
                    forking.cancel();
                });
        Task<?> child = forked.get(); // its forker's group was cancelled and has ended
        assertThat(child.state()).isEqualTo(Task.State.RUNNING);
        assertThat(child.group()).isSameAs(receiving);
        assertThat(child.name()).isEqualTo("receiving/child");
        receiving.cancel("its own group's");
        assertThat(child.join())
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo("its own group's"));

        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(group -> {
            Task<?> forker =
                    receiving.fork(() ->
                            group.fork(() -> {
                                CancelScope.sleep(Duration.ofMillis(20));
                                events.add("child");
                            }));
            forker.join();
            receiving.close();
        });
        events.add("left");
        assertThat(events).containsExactly("child", "left");
    }

    @Test
    @Conformance("TG27")
    void aTaskThatCancelsItsGroupBeforeItsForkHasReturnedIsCancelledToo() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        ThreadFactory returnsLate =
                body ->
                        new Thread(body) {
                            @Override
                            public void start() {
                                super.start();
                                Blocked.uninterruptibly(cancelled);
                            }
                        };
        TaskGroup.run(
                config -> config.withThreadFactory(returnsLate),
                group -> {
                    Task<?> task =
                            group.fork(() -> {
                                group.cancel();
                                cancelled.countDown();
                                Blocked.forEver();
                            });
                    Outcome<?> outcome = CancelScope.shield(() -> task.join());
                    assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                });
    }

    /** Bodies that were accepted, have started and have ended. */
    private static final class Counts {
        final AtomicInteger accepted = new AtomicInteger();
        final AtomicInteger started = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();

        void forkInto(TaskGroup group) {
            group.fork(() -> {
                started.incrementAndGet();
                try {
                    Blocked.forEver();
                } finally {
                    ended.incrementAndGet();
                }
            });
            accepted.incrementAndGet();
        }

        List<Thread> forkers(int threads, int forks, TaskGroup group, CountDownLatch ready) {
            List<Thread> forkers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                forkers.add(
                        Thread.ofPlatform()
                                .daemon()
                                .start(() -> {
                                    ready.countDown();
                                    try {
                                        for (int k = 0; k < forks; k++) {
                                            forkInto(group);
                                        }
                                    } catch (GroupClosedException e) {
                                        // then its body does not run
                                    }
                                }));
            }
            return forkers;
        }
    }

    @Test
    @Conformance({"TG05", "TG46"})
    void forksThatRaceWithTheCancelOfABlockAllStartAndEndBeforeItOrAreRefused() throws Exception {
        for (int round = 0; round < 100; round++) {
            Counts counts = new Counts();
            List<Thread> forkers = new ArrayList<>();
            int[] seen = new int[2];
            CountDownLatch ready = new CountDownLatch(2);
            TaskGroup.run(group -> {
                forkers.addAll(counts.forkers(2, 50, group, ready));
                Blocked.await(ready);
                group.cancel();
            });
            seen[0] = counts.started.get();
            seen[1] = counts.ended.get();
            for (Thread forker : forkers) {
                forker.join();
            }
            assertThat(seen[0]).isEqualTo(seen[1]).isEqualTo(counts.accepted.get());
            assertThat(counts.started).hasValue(seen[0]);
        }
    }

    @Test
    @Conformance({"TG05", "TG26", "TG46"})
    void forksThatRaceWithTheCancelsOfAServiceGroupAreStoppedOrGoOnAndNoneIsLost()
            throws Exception {
        for (int round = 0; round < 50; round++) {
            ServiceGroup group = ServiceGroup.open("race");
            Counts counts = new Counts();
            CountDownLatch ready = new CountDownLatch(2);
            List<Thread> forkers = counts.forkers(2, 100, group, ready);
            Blocked.await(ready);
            for (int i = 0; i < 20; i++) {
                assertThat(group.cancel()).isTrue();
            }
            for (Thread forker : forkers) {
                forker.join();
            }
            assertThat(group.cancel()).isTrue();
            group.join();
            assertThat(counts.accepted).hasValue(200);
            assertThat(counts.started).hasValue(200);
            assertThat(counts.ended).hasValue(200);
            assertThat(group.fork(() -> 1).await()).isEqualTo(1);
            group.close();
        }
    }

    @Test
    @Conformance({"TG05", "TG46"})
    void forksThatRaceWithTheEndOfABlockEndBeforeItOrAreRefused() throws Exception {
        for (int round = 0; round < 200; round++) {
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            CountDownLatch ready = new CountDownLatch(1);
            List<Thread> forker = new ArrayList<>();
            TaskGroup.run(group -> {
                forker.add(
                        Thread.ofPlatform()
                                .daemon()
                                .start(() -> {
                                    ready.countDown();
                                    try {
                                        for (int i = 0; i < 50; i++) {
                                            group.fork(ended::incrementAndGet);
                                            accepted.incrementAndGet();
                                        }
                                    } catch (GroupClosedException e) {
                                        // then its body does not run
                                    }
                                }));
                Blocked.await(ready);
            });
            int atTheEnd = ended.get();
            forker.getFirst().join();
            assertThat(accepted.get()).isEqualTo(ended.get()).isEqualTo(atTheEnd);
        }
    }
}
