package dev.curfew.mdc;

import dev.curfew.ContextCarrier;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Carries the mapped diagnostic context of SLF4J: a task starts with a copy of what its forker had
 * at the fork. What the task changes is its own.
 *
 * <p>Nobody has to name it: with this artifact on the class path or the module path {@link
 * java.util.ServiceLoader} finds it, and it serves every group. A fork costs a copy of the map, if
 * there is anything in it.
 */
public final class MdcCarrier implements ContextCarrier {
    /** For the service loader. */
    public MdcCarrier() {}

    @Override
    public @Nullable Captured capture() {
        Map<String, String> entries = MDC.getCopyOfContextMap();
        if (entries == null || entries.isEmpty()) {
            return null;
        }
        return () -> {
            MDC.setContextMap(entries);
            return MDC::clear;
        };
    }
}
