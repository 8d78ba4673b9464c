package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.TaskGroup;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Lets so many calls through in each interval; who has to wait can be cancelled meanwhile. */
public final class RateLimiter {
    private final ReentrantLock turn = new ReentrantLock(true);
    private final int calls;
    private final Duration interval;
    private long intervalStart = System.nanoTime();
    private int used;

    /** Allows a number of calls in each interval. */
    public RateLimiter(int calls, Duration interval) {
        this.calls = calls;
        this.interval = interval;
    }

    /** Returns when there is room. A caller that is cancelled takes no room. */
    public void acquire() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            while (true) {
                long left = intervalStart + interval.toNanos() - System.nanoTime();
                if (left <= 0) {
                    intervalStart = System.nanoTime();
                    used = 0;
                } else if (used >= calls) {
                    CancelScope.sleep(Duration.ofNanos(left));
                    continue;
                }
                used++;
                return;
            }
        } finally {
            turn.unlock();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        RateLimiter limiter = new RateLimiter(5, Duration.ofMillis(20));
        AtomicInteger done = new AtomicInteger();
        TaskGroup.run(group -> {
            for (int i = 0; i < 20; i++) {
                group.fork(() -> {
                    limiter.acquire();
                    done.incrementAndGet();
                });
            }
        });
        System.out.println(done + " calls, five in each interval");
    }
}
