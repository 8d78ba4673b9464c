package dev.curfew.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.CancelScope;
import dev.curfew.Config;
import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.internal.report.Growing;
import dev.curfew.internal.report.Report;
import dev.curfew.testing.Blocked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarningsTest {
    private final BlockingQueue<Warnings.Warning> heard = new LinkedBlockingQueue<>();

    private static Config impatient(Config config) {
        return config.withPatience(Duration.ofMillis(30));
    }

    /** The next warning that names the given. */
    private Warnings.Warning next(String name) throws InterruptedException {
        for (; ; ) {
            Warnings.Warning w = heard.poll(30, TimeUnit.SECONDS);
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
        try (var _ = Warnings.listen(heard::add)) {
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
            Warnings.Warning w = next("WarningsTest-stuck");
            assertThat(w.id()).isEqualTo("stuck");
            assertThat(w.message()).contains("what to do: it waits for a lock");
            assertThat(next("WarningsTest-stuck").id()).as("and again").isEqualTo("stuck");
        } finally {
            lock.unlock();
        }
        group.close();
    }

    @Test
    void whatAShieldHoldsBackForLongIsNamedSo() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch in = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("WarningsTest-shield", WarningsTest::impatient);
        try (var _ = Warnings.listen(heard::add)) {
            Task<?> task =
                    group.fork(() ->
                            CancelScope.shield(() -> {
                                in.countDown();
                                Blocked.await(mayEnd);
                            }));
            Blocked.await(in);
            task.cancel();
            Warnings.Warning w = next("WarningsTest-shield");
            assertThat(w.id()).isEqualTo("shield-long");
            assertThat(w.message()).contains("not yet: it is in a shield");
        }
        mayEnd.countDown();
        group.close();
    }

    @Test
    void whatWasToldAndDoesNotEndIsASlowCleanUp() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch in = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("WarningsTest-slow", WarningsTest::impatient);
        try (var _ = Warnings.listen(heard::add)) {
            Task<?> task =
                    group.fork(() -> {
                        in.countDown();
                        Blocked.uninterruptibly(mayEnd);
                    });
            Blocked.await(in);
            task.cancel();
            Warnings.Warning w = next("WarningsTest-slow");
            assertThat(w.id()).isEqualTo("cleanup-slow");
            assertThat(w.message()).contains("told: yes, ");
        }
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
        try (var _ = Warnings.listen(heard::add)) {
            Task<?> task =
                    group.fork(() -> {
                        in.countDown();
                        Blocked.uninterruptibly(mayEnd);
                    });
            Blocked.await(in);
            task.cancel();
            Warnings.Warning w = next("WarningsTest-interrupt");
            assertThat(w.id()).isEqualTo("interrupt-blocked");
            assertThat(w.message()).contains("its interrupt is being sent");
        }
        mayReturn.countDown();
        mayEnd.countDown();
        group.close();
    }

    @Test
    void aTaskThatWasToldAndEndsWithAValueHasAbsorbedItAndOneThatWasNotToldHasNot()
            throws Exception {
        try (var _ = Warnings.listen(heard::add)) {
            List<Warnings.Warning> absorbed = new ArrayList<>();
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
    }

    @Test
    void manyOfOneKindAreToldEverMoreRarelyAndCounted() {
        Growing growing = new Growing();
        long second = 1_000_000_000L;
        assertThat(growing.next("a", 5)).isEqualTo("a");
        assertThat(growing.next("b", 6)).isEmpty();
        assertThat(growing.next("c", second)).isEmpty();
        assertThat(growing.next("d", second + 5)).isEqualTo("d (and 2 more like it before)");
        assertThat(growing.next("e", 3 * second + 4)).isEmpty();
        assertThat(growing.next("f", 3 * second + 5)).isEqualTo("f (and 1 more like it before)");
    }

    @Test
    void aListenerThatIsClosedHearsNothing() throws Exception {
        Warnings.Listening listening = Warnings.listen(heard::add);
        listening.close();
        listening.close();
        ServiceGroup group = ServiceGroup.open("WarningsTest-closed");
        try (var other =
                        Warnings.listen(w -> {
                            throw new IllegalStateException("a listener's own");
                        });
                var _ = Warnings.listen(heard::add)) {
            assertThat(other).isNotNull();
            group.fork(
                            () -> {
                                throw new IllegalStateException("WarningsTest-closed");
                            })
                    .join();
            Warnings.Warning w = next("WarningsTest-closed");
            assertThat(w.id()).isEqualTo("failure-unread");
            assertThat(w.problem()).isPresent();
        }
        assertThat(heard).noneMatch(w -> w.message().contains("WarningsTest-closed"));
        group.close();
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
