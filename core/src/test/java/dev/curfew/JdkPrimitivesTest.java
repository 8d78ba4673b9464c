package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's own primitives, each handed over in the instant in which its waiter is cancelled. */
@Timeout(120)
class JdkPrimitivesTest {
    private static final int ROUNDS = 300;

    private interface Round {
        void run(TaskGroup group, int number) throws Exception;
    }

    private static void rounds(Kind kind, Round round) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            int number = i;
            TaskGroup.run(
                    config ->
                            kind == Kind.PLATFORM
                                    ? config.withThreadFactory(Thread.ofPlatform().factory())
                                    : config,
                    group -> round.run(group, number));
        }
    }

    /** Both at once, in one order and in the other. */
    private static void together(int number, Runnable handOver, Task<?> cancelled) {
        if (number % 2 == 0) {
            handOver.run();
            cancelled.cancel();
        } else {
            cancelled.cancel();
            handOver.run();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance({"PR01", "PR02"})
    void aLockGoesToTheNextWhenItsWaiterIsCancelled(Kind kind) throws Exception {
        rounds(
                kind,
                (group, number) -> {
                    ReentrantLock lock = new ReentrantLock();
                    List<Task<?>> waiters = new ArrayList<>();
                    lock.lock();
                    try {
                        for (int i = 1; i <= 2; i++) {
                            waiters.add(
                                    group.fork(() -> {
                                        lock.lockInterruptibly();
                                        lock.unlock();
                                    }));
                            int queued = i;
                            Blocked.until(() -> lock.getQueueLength() == queued);
                        }
                        if (number % 2 == 1) {
                            waiters.getFirst().cancel();
                        }
                    } finally {
                        lock.unlock();
                    }
                    waiters.getFirst().cancel();
                    assertThat(waiters.getLast().join()).isInstanceOf(Outcome.Succeeded.class);
                    waiters.getFirst().join();
                    assertThat(lock.isLocked()).isFalse();
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance({"PR03", "PR04"})
    void aConditionsSignalGoesToAnotherWhenItsWaiterIsCancelled(Kind kind) throws Exception {
        rounds(
                kind,
                (group, number) -> {
                    ReentrantLock lock = new ReentrantLock();
                    Condition condition = lock.newCondition();
                    AtomicInteger signalled = new AtomicInteger();
                    AtomicBoolean notHeld = new AtomicBoolean();
                    List<Task<?>> waiters = new ArrayList<>();
                    for (int i = 1; i <= 2; i++) {
                        waiters.add(
                                group.fork(() -> {
                                    lock.lock();
                                    try {
                                        condition.await();
                                        signalled.incrementAndGet();
                                    } finally {
                                        notHeld.compareAndSet(false, !lock.isHeldByCurrentThread());
                                        lock.unlock();
                                    }
                                }));
                        int waiting = i;
                        Blocked.until(() -> {
                            lock.lock();
                            try {
                                return lock.getWaitQueueLength(condition) == waiting;
                            } finally {
                                lock.unlock();
                            }
                        });
                    }
                    lock.lock();
                    try {
                        together(number, condition::signal, waiters.getFirst());
                    } finally {
                        lock.unlock();
                    }
                    boolean first = waiters.getFirst().join() instanceof Outcome.Succeeded;
                    if (!first) {
                        assertThat(waiters.getLast().join()).isInstanceOf(Outcome.Succeeded.class);
                    }
                    waiters.getLast().cancelAndJoin();
                    assertThat(signalled).hasValue(1);
                    assertThat(notHeld).isFalse();
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("PR05")
    void aPermitIsTakenOnceOrAvailable(Kind kind) throws Exception {
        rounds(
                kind,
                (group, number) -> {
                    Semaphore permits = new Semaphore(0, number % 4 < 2);
                    CountDownLatch taken = new CountDownLatch(2);
                    AtomicInteger count = new AtomicInteger();
                    List<Task<?>> waiters = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        waiters.add(
                                group.fork(() -> {
                                    permits.acquire();
                                    count.incrementAndGet();
                                    taken.countDown();
                                }));
                    }
                    Blocked.until(() -> permits.getQueueLength() == 4);
                    together(number, () -> permits.release(2), waiters.get(0));
                    waiters.get(1).cancel();
                    Blocked.await(taken);
                    for (Task<?> waiter : waiters) {
                        waiter.cancelAndJoin();
                    }
                    assertThat(count.get() + permits.availablePermits()).isEqualTo(2);
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("PR06")
    void anItemPutAtACancelledTakerIsNeitherLostNorDoubled(Kind kind) throws Exception {
        rounds(
                kind,
                (group, number) -> {
                    BlockingQueue<Integer> queue =
                            switch (number % 4) {
                                case 0 -> new SynchronousQueue<>();
                                case 1 -> new LinkedTransferQueue<>();
                                case 2 -> new LinkedBlockingQueue<>();
                                default -> new ArrayBlockingQueue<>(1);
                            };
                    AtomicInteger taken = new AtomicInteger();
                    AtomicInteger put = new AtomicInteger();
                    Task<?> taker =
                            group.fork(() -> {
                                taken.addAndGet(queue.take());
                            });
                    if (number % 8 < 4) {
                        Blocked.await(threadOf(taker));
                    }
                    Task<?> putter =
                            group.fork(() -> {
                                queue.put(1);
                                put.set(1);
                            });
                    taker.cancel();
                    taker.join();
                    putter.cancelAndJoin();
                    assertThat(taken.get() + queue.size()).isEqualTo(put.get());
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("PR06")
    void aPutThatIsCancelledHasPutTheItemOrNot(Kind kind) throws Exception {
        rounds(
                kind,
                (group, number) -> {
                    BlockingQueue<Integer> queue =
                            number % 4 < 2
                                    ? new ArrayBlockingQueue<>(1)
                                    : new LinkedBlockingQueue<>(1);
                    queue.put(1);
                    AtomicInteger put = new AtomicInteger();
                    Task<?> putter =
                            group.fork(() -> {
                                queue.put(1);
                                put.set(1);
                            });
                    Blocked.await(threadOf(putter));
                    together(number, queue::poll, putter);
                    putter.join();
                    assertThat(queue.size()).isEqualTo(put.get());
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("PR07")
    void aLatchThatOpensWhenAWaiterIsCancelledLeavesNobodyStuck(Kind kind) throws Exception {
        rounds(
                kind,
                (group, number) -> {
                    CountDownLatch latch = new CountDownLatch(1);
                    AtomicBoolean passed = new AtomicBoolean();
                    Task<?> cancelled =
                            group.fork(() -> {
                                latch.await();
                                passed.set(true);
                            });
                    Task<?> other = group.fork(() -> latch.await());
                    Blocked.await(threadOf(cancelled));
                    together(number, latch::countDown, cancelled);
                    assertThat(other.join()).isInstanceOf(Outcome.Succeeded.class);
                    boolean succeeded = cancelled.join() instanceof Outcome.Succeeded;
                    assertThat(succeeded).isEqualTo(passed.get());
                });
    }

    private static Thread threadOf(Task<?> task) {
        return ((TaskImpl<?>) task).strand().thread();
    }

    @Test
    @Conformance("JV07")
    void aFutureTaskCancelledBeforeItRunsNeverRunsAndATaskOfOursDoes() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        FutureTask<?> theirs = new FutureTask<>(ran::incrementAndGet);
        theirs.cancel(true);
        theirs.run();
        assertThat(ran).hasValue(0);
        TaskGroup.run(group -> {
            group.cancel();
            group.fork(ran::incrementAndGet).join();
        });
        assertThat(ran).hasValue(1);
    }
}
