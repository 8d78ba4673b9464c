package dev.curfew.samples;

import dev.curfew.ContextCarrier;
import dev.curfew.TaskGroup;

/** What the documentation of carried context shows. */
final class ContextSamples {
    private ContextSamples() {}

    // @start region="carried"
    static final ScopedValue<String> USER = ScopedValue.newInstance();

    static String greeting() throws InterruptedException {
        return TaskGroup.call(
                config -> config.withCarried(USER),
                group -> group.fork(() -> "hello " + USER.get()).await());
    }

    // @end

    // @start region="carrier"
    static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    static final class TenantCarrier implements ContextCarrier {
        @Override
        public Captured capture() { // on the forking thread
            String tenant = TENANT.get();
            return () -> { // on the task's thread, before its body
                TENANT.set(tenant);
                return TENANT::remove; // and after it
            };
        }
    }
    // @end
}
