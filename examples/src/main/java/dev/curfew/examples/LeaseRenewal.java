package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Works as long as a lease is held: it is renewed meanwhile, and work stops when it is lost. */
public final class LeaseRenewal {
    private LeaseRenewal() {}

    /** A lease that somebody else gives. */
    public interface Lease {
        void renew() throws IOException, InterruptedException;

        void release() throws IOException, InterruptedException;
    }

    /**
     * Does the work under the lease. If a renewal fails the work is cancelled and has ended when
     * this throws. The lease is released in any case, after the work has ended.
     */
    public static <T> T holding(Lease lease, Duration interval, Callable<T> work)
            throws IOException, InterruptedException {
        try {
            return TaskGroup.call(
                    config -> config.withName("lease"),
                    group -> {
                        // Stops last: the lease is renewed also while cancelled work cleans up.
                        group.forkBackground("renewal", () -> renew(lease, interval));
                        return group.fork("work", work).await();
                    });
        } finally {
            CancelScope.shield(Duration.ofSeconds(5), lease::release);
        }
    }

    private static void renew(Lease lease, Duration interval)
            throws IOException, InterruptedException {
        while (true) {
            CancelScope.sleep(interval);
            lease.renew();
        }
    }

    public static void main(String[] args) throws Exception {
        Lease lease =
                new Lease() {
                    @Override
                    public void renew() {}

                    @Override
                    public void release() {
                        System.out.println("released");
                    }
                };
        System.out.println(holding(lease, Duration.ofMillis(10), () -> "done"));
    }
}
