package dev.curfew.cli;

import dev.curfew.CancelScope;
import dev.curfew.TaskGroup;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What from outside has asked the run to stop. The first request cancels it, a later one takes away
 * the grace of what is being stopped. Any thread may ask; the JVM handles each signal on a thread
 * of its own.
 */
final class StopRequests {
    private final AtomicReference<@Nullable Request> first = new AtomicReference<>();
    private final Set<CancelScope> graces = ConcurrentHashMap.newKeySet();
    private volatile @Nullable TaskGroup group;
    private volatile boolean hurry;

    /**
     * @param signal the number whose exit code the run has for it; zero if it keeps the one that it
     *     has without
     */
    private record Request(int signal, String why) {}

    /** Asks, whoever may have asked before; true if nobody had. */
    boolean ask(int signal, String why) {
        boolean isFirst = askOnce(signal, why);
        if (!isFirst) {
            hurry = true;
            graces.forEach(scope -> scope.cancel("a second signal"));
        }
        return isFirst;
    }

    /** Asks unless somebody has; true if nobody had. */
    boolean askOnce(int signal, String why) {
        if (!first.compareAndSet(null, new Request(signal, why))) {
            return false;
        }
        TaskGroup g = group;
        if (g != null) {
            g.cancel(why);
        }
        return true;
    }

    /** The first request's signal; zero if there was none. */
    int signal() {
        Request request = first.get();
        return request == null ? 0 : request.signal;
    }

    /** Says which group it is about; cancels it if the first request was earlier. */
    void cancels(TaskGroup g) {
        group = g;
        Request request = first.get();
        if (request != null) {
            g.cancel(request.why);
        }
    }

    /** Has the scope cancelled by the second request, also by one that has been made. */
    void cutShort(CancelScope grace) {
        graces.add(grace);
        if (hurry) {
            grace.cancel("a second signal");
        }
    }

    /** Undoes {@link #cutShort}. */
    void over(CancelScope grace) {
        graces.remove(grace);
    }
}
