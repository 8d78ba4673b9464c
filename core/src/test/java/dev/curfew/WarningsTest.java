package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.internal.report.Report;
import dev.curfew.testing.Blocked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the library says of programs that misbehave, as a listener is told. */
@Timeout(60)
class WarningsTest {
    private record Warning(String id, String message, long nanos) {}

    private final BlockingQueue<Warning> heard = new LinkedBlockingQueue<>();

    private final TaskListener listener =
            new TaskListener() {
                @Override
                public void reported(String id, String message, @Nullable Throwable problem) {
                    heard.add(new Warning(id, message, System.nanoTime()));
                }
            };

    @BeforeEach
    void listen() {
        Listeners.add(listener);
    }

    @AfterEach
    void stopListening() {
        Listeners.remove(listener);
    }

    private static Config impatient(Config config) {
        return config.withPatience(Duration.ofMillis(30));
    }

    /** The next warning that names the given. */
    private Warning next(String name) throws InterruptedException {
        for (; ; ) {
            Warning w = heard.poll(30, TimeUnit.SECONDS);
            assertThat(w).as("a warning about " + name).isNotNull();
            if (w.message().contains(name)) {
                return w;
            }
        }
    }

    @Test
    void whatWasNotToldIsStuckAndTheAdviceIsGiven() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        ServiceGroup group = ServiceGroup.open("WarningsTest-stuck", WarningsTest::impatient);
        lock.lock();
        try {
            CountDownLatch in = new CountDownLatch(1);
            Task<?> task =
                    group.fork(
                            "locker",
                            () -> {
                                in.countDown();
                                lock.lock();
                                lock.unlock();
                            });
            Blocked.await(in);
            task.cancel();
            Warning w = next("WarningsTest-stuck");
            assertThat(w.id()).isEqualTo("stuck");
            assertThat(w.message())
                    .contains(
                            "WarningsTest-stuck/locker [" + task.id() + "] was asked to stop",
                            "what to do: it waits for a lock");
            assertThat(next("WarningsTest-stuck").id()).as("and again").isEqualTo("stuck");
        } finally {
            lock.unlock();
        }
        group.close();
    }

    @Test
    void itIsToldAfterThePatienceAndAgainEachTimeAfterTwiceAsLong() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("WarningsTest-growing", WarningsTest::impatient);
        Task<?> task = group.fork(() -> Blocked.uninterruptibly(mayEnd));
        long patience = Duration.ofMillis(30).toNanos();
        long asked = System.nanoTime();
        task.cancel();
        for (int times : new int[] {1, 3, 7, 15, 31}) {
            long told = next("WarningsTest-growing").nanos();
            assertThat(told - asked).isGreaterThanOrEqualTo(times * patience);
        }
        mayEnd.countDown();
        group.close();
    }

    @Test
    void whatNoThreadHasBegunSaysSo() throws Exception {
        ServiceGroup group = ServiceGroup.open("WarningsTest-begun", WarningsTest::impatient);
        AtomicBoolean stop = new AtomicBoolean();
        List<Task<?>> tasks = new ArrayList<>();
        try {
            // Twice as many as there can be carriers, so that half of them cannot begin.
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                tasks.add(
                        group.fork(() -> {
                            while (!stop.get()) {
                                Thread.onSpinWait();
                            }
                        }));
            }
            group.cancel();
            Warning w = next("WarningsTest-begun");
            while (!w.message().contains("it has not begun")) {
                w = next("WarningsTest-begun");
            }
            assertThat(w.id()).isEqualTo("stuck");
            assertThat(w.message()).contains("what to do: it could run, but no carrier thread");
        } finally {
            stop.set(true);
        }
        group.close();
        assertThat(tasks).allSatisfy(task -> assertThat(task.outcome()).isPresent());
    }

    @Test
    void whatAShieldHoldsBackForLongIsNamedSo() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch in = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("WarningsTest-shield", WarningsTest::impatient);
        Task<?> task =
                group.fork(() ->
                        CancelScope.shield(() -> {
                            in.countDown();
                            Blocked.await(mayEnd);
                        }));
        Blocked.await(in);
        task.cancel();
        Warning w = next("WarningsTest-shield");
        assertThat(w.id()).isEqualTo("shield-long");
        assertThat(w.message()).contains("not yet: it is in a shield");
        mayEnd.countDown();
        group.close();
    }

    @Test
    void whatWasToldAndDoesNotEndIsASlowCleanUp() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch in = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("WarningsTest-slow", WarningsTest::impatient);
        Task<?> task =
                group.fork(() -> {
                    in.countDown();
                    Blocked.uninterruptibly(mayEnd);
                });
        Blocked.await(in);
        task.cancel();
        Warning w = next("WarningsTest-slow");
        assertThat(w.id()).isEqualTo("cleanup-slow");
        assertThat(w.message()).contains("told: yes, ");
        mayEnd.countDown();
        group.close();
    }

    /** Whose {@code interrupt()} does not return before it may. */
    private static final class Blocking extends Thread {
        private final CountDownLatch mayReturn;

        Blocking(Runnable body, CountDownLatch mayReturn) {
            super(body);
            this.mayReturn = mayReturn;
        }

        @Override
        public void interrupt() {
            super.interrupt();
            Blocked.uninterruptibly(mayReturn);
        }
    }

    @Test
    void anInterruptThatDoesNotReturnIsNamedSo() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        CountDownLatch in = new CountDownLatch(1);
        ServiceGroup group =
                ServiceGroup.open(
                        "WarningsTest-interrupt",
                        config ->
                                config.withPatience(Duration.ofMillis(300))
                                        .withThreadFactory(body -> new Blocking(body, mayReturn)));
        Task<?> task =
                group.fork(() -> {
                    in.countDown();
                    Blocked.uninterruptibly(mayEnd);
                });
        Blocked.await(in);
        task.cancel();
        Warning w = next("WarningsTest-interrupt");
        assertThat(w.id()).isEqualTo("interrupt-blocked");
        assertThat(w.message()).contains("its interrupt is being sent");
        mayReturn.countDown();
        mayEnd.countDown();
        group.close();
    }

    @Test
    void aTaskThatWasToldAndEndsWithAValueHasAbsorbedItAndOneThatWasNotToldHasNot()
            throws Exception {
        List<Warning> absorbed = new ArrayList<>();
        // Of many like it, one a second is told; so try until one is.
        while (absorbed.isEmpty()) {
            ServiceGroup group = ServiceGroup.open("WarningsTest-absorbed");
            CountDownLatch in = new CountDownLatch(1);
            Task<String> task =
                    group.fork(() -> {
                        in.countDown();
                        try {
                            Blocked.forEver();
                        } catch (InterruptedException e) {
                            // it knows better
                        }
                        return "value";
                    });
            Blocked.await(in);
            task.cancel();
            assertThat(task.join()).isEqualTo(new Outcome.Succeeded<>("value"));
            assertThat(task.absorbed()).isTrue();
            group.close();
            heard.drainTo(absorbed);
            absorbed.removeIf(w -> !w.message().contains("WarningsTest-absorbed"));
        }
        assertThat(absorbed.getFirst().id()).isEqualTo("absorbed");
        assertThat(absorbed.getFirst().message()).contains("ended with a value");
    }

    /** Prints whether two warnings are on. */
    static final class Switches {
        private Switches() {}

        public static void main(String[] args) {
            System.out.print(Report.STUCK.on() + " " + Report.CLEANUP_SLOW.on());
        }
    }

    @Test
    void eachHasASwitch() throws Exception {
        Process process =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-Ddev.curfew.warn.cleanup-slow=off",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Switches.class.getName())
                        .start();
        assertThat(process.inputReader().readLine()).isEqualTo("true false");
    }
}
