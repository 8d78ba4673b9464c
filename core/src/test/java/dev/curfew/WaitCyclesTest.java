package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Waits that could never end are refused at once, and name who waits for whom. */
class WaitCyclesTest {

    private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(30, java.util.concurrent.TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Conformance("AC22")
    void ofTwoThatCancelAndJoinEachOtherExactlyOneIsRefusedAndItRequestsNothing() throws Exception {
        for (int i = 0; i < 200; i++) {
            AtomicInteger refused = new AtomicInteger();
            CompletableFuture<Task<?>> first = new CompletableFuture<>();
            CompletableFuture<Task<?>> second = new CompletableFuture<>();
            List<Task<?>> spared = new CopyOnWriteArrayList<>();
            TaskGroup.run(group -> {
                first.complete(group.fork(() -> stopping(second, refused, spared)));
                second.complete(group.fork(() -> stopping(first, refused, spared)));
            });
            assertThat(refused.get()).isLessThanOrEqualTo(1);
            assertThat(spared).allSatisfy(t -> assertThat(t.cancelling()).isZero());
        }
    }

    private static void stopping(
            CompletableFuture<Task<?>> other, AtomicInteger refused, List<Task<?>> spared)
            throws InterruptedException {
        // Shielded: being cancelled by the other must not keep it from its own call.
        CancelScope.shield(() -> {
            Task<?> target = get(other);
            try {
                var unused = target.cancelAndJoin();
            } catch (WaitCycleException e) {
                refused.incrementAndGet();
                spared.add(target);
            }
        });
    }

    @Test
    @Conformance({"AC22", "AC23"})
    void aCycleOfThreeIsRefusedByEveryKindOfWaitAndNamesItsMembersInOrder() throws Exception {
        AtomicReference<WaitCycleException> byJoin = new AtomicReference<>();
        CountDownLatch inPlace = new CountDownLatch(1);
        TaskGroup.run(
                config -> config.withName("ring"),
                group -> {
                    CompletableFuture<Task<?>> b = new CompletableFuture<>();
                    CompletableFuture<Task<?>> c = new CompletableFuture<>();
                    CompletableFuture<Thread> threadA = new CompletableFuture<>();
                    CompletableFuture<Thread> threadB = new CompletableFuture<>();
                    Task<Integer> a =
                            group.fork(
                                    "a",
                                    () -> {
                                        Task<?> target = get(b);
                                        threadA.complete(Thread.currentThread());
                                        var unused = target.join();
                                        return 1;
                                    });
                    b.complete(
                            group.fork(
                                    "b",
                                    () -> {
                                        Task<?> target = get(c);
                                        threadB.complete(Thread.currentThread());
                                        var unused = target.join();
                                    }));
                    c.complete(
                            group.fork(
                                    "c",
                                    () -> {
                                        Blocked.await(inPlace);
                                        byJoin.set(
                                                catchThrowableOfType(
                                                        WaitCycleException.class, a::join));
                                        assertRefused(a::await);
                                        assertRefused(() -> a.joinWithin(Duration.ofDays(1)));
                                        assertRefused(a::cancelAndJoin);
                                        assertRefused(
                                                () -> a.cancelAndJoinWithin(Duration.ofDays(1)));
                                        assertThat(a.cancelling()).isZero();
                                        return a.state();
                                    }));
                    Blocked.await(get(threadA));
                    Blocked.await(get(threadB));
                    inPlace.countDown();

                    assertThat(get(c).join().get()).isEqualTo(Task.State.RUNNING);
                    assertThat(a.await()).isEqualTo(1);
                });
        assertThat(byJoin.get().cycle())
                .containsExactly("task ring/c", "task ring/a", "task ring/b");
        assertThat(byJoin.get())
                .hasMessageContaining("task ring/c -> task ring/a -> task ring/b -> task ring/c");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable wait) {
        assertThatThrownBy(wait).isInstanceOf(WaitCycleException.class);
    }

    @Test
    @Conformance({"AC21", "AC22"})
    void aCycleRoundTheEndOfABlockIsRefusedToTheOneWhoWouldCloseIt() throws Exception {
        AtomicReference<WaitCycleException> refused = new AtomicReference<>();
        TaskGroup.run(
                config -> config.withName("top"),
                group -> {
                    CompletableFuture<Task<?>> q = new CompletableFuture<>();
                    CompletableFuture<Thread> owner = new CompletableFuture<>();
                    CompletableFuture<Thread> child = new CompletableFuture<>();
                    CountDownLatch inPlace = new CountDownLatch(1);
                    Task<?> p =
                            group.fork(
                                    "p",
                                    () ->
                                            TaskGroup.run(inner -> {
                                                inner.fork(
                                                        "child",
                                                        () -> {
                                                            Task<?> target = get(q);
                                                            child.complete(Thread.currentThread());
                                                            var unused = target.join();
                                                        });
                                                owner.complete(Thread.currentThread());
                                            }));
                    q.complete(
                            group.fork(
                                    "q",
                                    () -> {
                                        Blocked.await(inPlace);
                                        refused.set(
                                                catchThrowableOfType(
                                                        WaitCycleException.class,
                                                        p::cancelAndJoin));
                                        assertRefused(p::join);
                                        assertThat(p.cancelling()).isZero();
                                    }));
                    Blocked.await(get(owner));
                    Blocked.await(get(child));
                    inPlace.countDown();

                    assertThat(get(q).join()).isInstanceOf(Outcome.Succeeded.class);
                    assertThat(p.join()).isInstanceOf(Outcome.Succeeded.class);
                });
        assertThat(refused.get().cycle()).hasSize(3).startsWith("task top/q", "task top/p");
        assertThat(refused.get().cycle().getLast()).endsWith("/child");
    }

    @Test
    @Conformance("AC21")
    void theEndOfABlockThatClosesACycleOfThreeCancelsItsGroupAndThrows() throws Exception {
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> {
                    CompletableFuture<Task<?>> p = new CompletableFuture<>();
                    CompletableFuture<Task<?>> q = new CompletableFuture<>();
                    CompletableFuture<Task<?>> child = new CompletableFuture<>();
                    CompletableFuture<Thread> threadQ = new CompletableFuture<>();
                    CompletableFuture<Thread> threadChild = new CompletableFuture<>();
                    CountDownLatch mayEnd = new CountDownLatch(1);
                    p.complete(
                            group.fork(() ->
                                    TaskGroup.run(inner -> {
                                        child.complete(
                                                inner.fork(() -> {
                                                    Task<?> target = get(q);
                                                    threadChild.complete(Thread.currentThread());
                                                    var unused = target.join();
                                                }));
                                        Blocked.await(mayEnd);
                                    })));
                    q.complete(
                            group.fork(() -> {
                                Task<?> target = get(p);
                                threadQ.complete(Thread.currentThread());
                                return target.join();
                            }));
                    Blocked.await(get(threadQ));
                    Blocked.await(get(threadChild));
                    mayEnd.countDown();

                    assertThat(get(p).join())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f -> {
                                        assertThat(f.exception())
                                                .isInstanceOf(WaitCycleException.class);
                                        assertThat(((WaitCycleException) f.exception()).cycle())
                                                .hasSizeGreaterThanOrEqualTo(3);
                                    });
                    assertThat(get(child).outcome()).isPresent();
                    assertThat(get(child).state()).isEqualTo(Task.State.CANCELLED);
                    assertThat(get(q).join()).isInstanceOf(Outcome.Succeeded.class);
                });
    }

    @Test
    @Conformance("AC20")
    void aGroupsJoinFromOneOfItsTasksIsRefused() throws Exception {
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() -> {
                        assertRefused(group::join);
                        assertRefused(() -> group.joinWithin(Duration.ofDays(1)));
                        return 1;
                    });
            assertThat(task.await()).isEqualTo(1);
        });
    }

    @Test
    @Conformance({"AC21", "AC22"})
    void aWaitThatWasCutShortIsNoPartOfACycleAnyMore() throws Exception {
        TaskGroup.run(group -> {
            CompletableFuture<Task<?>> b = new CompletableFuture<>();
            CountDownLatch gaveUp = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            Task<Integer> a =
                    group.fork(() -> {
                        Task<?> target = get(b);
                        assertThat(target.joinWithin(Duration.ofMillis(1))).isEmpty();
                        var unused =
                                CancelScope.run(scope -> {
                                    scope.cancel();
                                    target.join();
                                });
                        gaveUp.countDown();
                        Blocked.await(mayEnd);
                        return 1;
                    });
            b.complete(
                    group.fork(() -> {
                        Blocked.await(gaveUp);
                        assertThat(a.joinWithin(Duration.ofMillis(1))).isEmpty();
                        mayEnd.countDown();
                        return a.await();
                    }));
            assertThat(get(b).await()).isEqualTo(1);
        });
    }

    @Test
    @Conformance("AC20")
    void aServiceGroupsCloseRoundACycleOfTwoIsRefusedAndClosesNothing() throws Exception {
        ServiceGroup service = ServiceGroup.open("service");
        TaskGroup.run(group -> {
            CompletableFuture<Task<?>> closer = new CompletableFuture<>();
            CompletableFuture<Thread> waiting = new CompletableFuture<>();
            CountDownLatch inPlace = new CountDownLatch(1);
            Task<?> member =
                    service.fork(() -> {
                        Task<?> target = get(closer);
                        waiting.complete(Thread.currentThread());
                        return target.join();
                    });
            closer.complete(
                    group.fork(() -> {
                        Blocked.await(inPlace);
                        assertRefused(service::close);
                        return service.fork(() -> 7).await();
                    }));
            Blocked.await(get(waiting));
            inPlace.countDown();

            assertThat(get(closer).await()).isEqualTo(7);
            assertThat(member.join()).isInstanceOf(Outcome.Succeeded.class);
        });
        service.close();
    }

    @Test
    @Conformance({"AC20", "CU11"})
    void aListenerOnTheEndingTasksThreadThatClosesItsGroupIsRefused() throws Exception {
        ServiceGroup service = ServiceGroup.open("service");
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Task<?> sibling = service.fork(() -> Blocked.forEver());
        Task<?> task = service.fork("last", () -> Blocked.await(mayEnd));
        task.onEnd(_ -> seen.complete(catchThrowable(service::close)));
        mayEnd.countDown();
        assertThat(get(seen))
                .isInstanceOfSatisfying(
                        WaitCycleException.class,
                        e ->
                                assertThat(e.cycle())
                                        .containsExactly("task service/last", "group service"));
        assertThat(sibling.state()).isEqualTo(Task.State.RUNNING);
        service.close();
        assertThat(sibling.state()).isEqualTo(Task.State.CANCELLED);
    }

    @Test
    @Conformance({"AC20", "CU11"})
    void aFailureHandlerThatClosesItsGroupIsRefused() throws Exception {
        CompletableFuture<ServiceGroup> itself = new CompletableFuture<>();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        ServiceGroup service =
                ServiceGroup.open(
                        "service",
                        config ->
                                config.withFailureHandler((_, _) ->
                                        seen.complete(catchThrowable(itself.join()::close))));
        itself.complete(service);
        service.fork(() -> {
            throw new IllegalStateException("fatal");
        });
        assertThat(get(seen)).isInstanceOf(WaitCycleException.class);
        service.close();
    }

    @Test
    @Conformance({"AC20", "AC21", "CU11"})
    void aBlockInAListenerWhoseTaskClosesTheListenersGroupIsRefused() throws Exception {
        ServiceGroup service = ServiceGroup.open("service");
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Task<?> task = service.fork(() -> Blocked.await(mayEnd));
        task.onEnd(_ -> {
            try {
                TaskGroup.run(
                        inner -> inner.fork(() -> seen.complete(catchThrowable(service::close))));
            } catch (InterruptedException e) {
                seen.complete(e);
            }
        });
        mayEnd.countDown();
        assertThat(get(seen)).isInstanceOf(WaitCycleException.class);
        service.close();
    }

    @Test
    @Conformance({"AC21", "CU11"})
    void aListenerThatCancelsAndJoinsTheOwnerOfItsBlockIsRefusedAndRequestsNothing()
            throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        TaskGroup.run(group -> {
            CompletableFuture<Task<?>> owner = new CompletableFuture<>();
            owner.complete(
                    group.fork(() ->
                            TaskGroup.run(inner -> {
                                CountDownLatch mayEnd = new CountDownLatch(1);
                                Task<?> task = inner.fork(() -> Blocked.await(mayEnd));
                                task.onEnd(_ ->
                                        seen.complete(
                                                catchThrowable(() -> get(owner).cancelAndJoin())));
                                mayEnd.countDown();
                            })));
            assertThat(get(owner).join()).isInstanceOf(Outcome.Succeeded.class);
            assertThat(get(owner).cancelling()).isZero();
        });
        assertThat(get(seen)).isInstanceOf(WaitCycleException.class);
    }
}
