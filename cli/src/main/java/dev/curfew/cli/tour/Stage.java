package dev.curfew.cli.tour;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where one half of a scene takes place: records what happens, and sets the pace. */
final class Stage {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

    private final long start = System.nanoTime();
    private final Duration pace;
    private final List<Event> events = new ArrayList<>();

    /**
     * @param pace how long the actors' work takes
     */
    Stage(Duration pace) {
        this.pace = pace;
    }

    /** Records it. The order of the events is that of their times. */
    void saw(String who, String what) {
        synchronized (events) {
            events.add(new Event(System.nanoTime() - start, who, what));
        }
    }

    Trace trace() {
        synchronized (events) {
            return new Trace(events);
        }
    }

    Duration pace() {
        return pace;
    }

    // ---- what actors do -----------------------------------------------------------------------

    /** Blocks in a call of the JDK until it is interrupted. */
    static void block() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Takes its time, whatever happens. */
    void takeTime() {
        long end = System.nanoTime() + pace.toNanos();
        boolean interrupted = false;
        for (long left = pace.toNanos(); left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what the director does ---------------------------------------------------------------

    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(LIMIT, TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("the scene does not go on: an actor is missing");
        }
    }

    static void awaitEnd(Thread thread) throws InterruptedException {
        if (!thread.join(Duration.ofNanos(LIMIT))) {
            throw new IllegalStateException("the scene does not end: " + thread + " goes on");
        }
    }

    /** Returns once the thread waits in something, or has ended. */
    static void awaitBlocked(Thread thread) {
        long end = System.nanoTime() + LIMIT;
        while (thread.isAlive()
                && thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the scene does not go on: " + thread + " is busy");
            }
            LockSupport.parkNanos(500_000);
        }
    }

    /** Returns once the thread is in a method of that name, or has ended. */
    static void awaitIn(Thread thread, String method) {
        long end = System.nanoTime() + LIMIT;
        while (thread.isAlive()
                && List.of(thread.getStackTrace()).stream()
                        .noneMatch(f -> f.getMethodName().equals(method))) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "the scene does not go on: " + thread + " is not in " + method);
            }
            LockSupport.parkNanos(500_000);
        }
    }
}
