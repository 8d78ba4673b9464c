package dev.curfew.cli.attach;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** The program that the tests look at: prints what it has, and goes on until its input ends. */
final class Subject {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private Subject() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("plain")) {
            System.out.println("ready");
            System.in.read();
            return;
        }
        ServiceGroup group = ServiceGroup.open("subject");
        CountDownLatch in = new CountDownLatch(2);
        LOCK.lock();
        Task<?> poll =
                group.fork(
                        "poll\u001b[31m",
                        () -> {
                            in.countDown();
                            CancelScope.sleep(java.time.Duration.ofHours(1));
                        });
        Task<?> stuck =
                group.fork(
                        "stuck",
                        () -> {
                            in.countDown();
                            lockForEver();
                        });
        in.await();
        stuck.cancel("a test");
        while (System.getProperty("dev.curfew.management") == null && args.length == 0) {
            Thread.onSpinWait(); // until the library has found the module
        }
        System.out.println("ready " + poll.id() + " " + stuck.id());
        poll.onEnd(outcome -> System.out.println("poll ended"));
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(0);
    }

    private static void lockForEver() {
        LOCK.lock();
    }
}
