package dev.curfew.management;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Optional;
import java.util.function.Function;

/** Who holds a monitor or a lock; the JVM tells that of what platform threads wait for. */
final class Owners implements Function<Thread, Optional<String>> {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public Optional<String> apply(Thread waiting) {
        if (waiting.isVirtual()) {
            return Optional.empty();
        }
        ThreadInfo info = threads.getThreadInfo(waiting.threadId());
        return info == null || info.getLockOwnerId() < 0
                ? Optional.empty()
                : Optional.of(info.getLockOwnerName() + " [" + info.getLockOwnerId() + "]");
    }
}
