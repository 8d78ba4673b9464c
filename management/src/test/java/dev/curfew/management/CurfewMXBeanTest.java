package dev.curfew.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CurfewMXBeanTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /** The bean, once the library has registered it. */
    private CurfewMXBean bean() throws Exception {
        ObjectName name = new ObjectName(CurfewMXBean.NAME);
        CountDownLatch registered = new CountDownLatch(1);
        NotificationListener listener =
                (event, _) -> {
                    if (event instanceof MBeanServerNotification e
                            && e.getMBeanName().equals(name)) {
                        registered.countDown();
                    }
                };
        server.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener, null, null);
        if (!server.isRegistered(name)) {
            assertThat(registered.await(30, TimeUnit.SECONDS)).isTrue();
        }
        server.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener);
        return JMX.newMXBeanProxy(server, name, CurfewMXBean.class);
    }

    @Test
    void theFirstGroupRegistersTheBeanWhichShowsAndCancelsTasks() throws Exception {
        ServiceGroup group = ServiceGroup.open("CurfewMXBeanTest");
        Task<?> task =
                group.fork(
                        "task",
                        () -> {
                            new CountDownLatch(1).await();
                        });
        CurfewMXBean bean = bean();
        String id = Long.toString(task.id());
        assertThat(bean.tree(10)).contains("service group CurfewMXBeanTest", "task task [" + id);
        assertThat(bean.treeAsJson()).startsWith("{\"schema\":\"curfew-tree/1\"");
        assertThat(bean.why(id)).startsWith("task task [" + id);
        assertThat(bean.why("nothing")).isEmpty();
        assertThat(bean.isCancelAllowed()).isTrue();
        assertThat(bean.cancel("nothing", "")).isFalse();
        assertThat(bean.cancel(id, "from outside")).isTrue();
        assertThat(task.join())
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo("from outside"));
        assertThat(server.queryNames(new ObjectName("dev.curfew:*"), null)).hasSize(1);
        group.close();
    }

    @Test
    void theOwnerOfALockThatAPlatformThreadWaitsForIsNamed() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        AtomicReference<Thread> waiter = new AtomicReference<>();
        ServiceGroup group =
                ServiceGroup.open(
                        "CurfewMXBeanTest-lock",
                        config -> config.withThreadFactory(Thread.ofPlatform().factory()));
        CurfewMXBean bean = bean();
        lock.lock();
        try {
            Task<?> task =
                    group.fork(
                            "locker",
                            () -> {
                                waiter.set(Thread.currentThread());
                                lock.lock();
                                lock.unlock();
                            });
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!lock.hasQueuedThreads() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            while (waiter.get().getState() != Thread.State.WAITING && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(bean.why(Long.toString(task.id())))
                    .contains(
                            "ReentrantLock",
                            "held by "
                                    + Thread.currentThread().getName()
                                    + " ["
                                    + Thread.currentThread().threadId()
                                    + "]");
        } finally {
            lock.unlock();
        }
        group.close();
    }
}
