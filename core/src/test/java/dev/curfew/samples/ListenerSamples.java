package dev.curfew.samples;

import dev.curfew.Task;
import dev.curfew.TaskListener;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the documentation of listeners shows. */
final class ListenerSamples {
    private ListenerSamples() {}

    // @start region="listener"
    // named in META-INF/services/dev.curfew.TaskListener, or in a module's "provides"
    static final class LiveTasks implements TaskListener {
        static final LongAdder LIVE = new LongAdder();

        @Override
        public void started(Task<?> task) {
            LIVE.increment();
        }

        @Override
        public void ended(Task<?> task) {
            LIVE.decrement();
        }
    }

    // @end

    // @start region="reported"
    // named in META-INF/services/dev.curfew.TaskListener, or in a module's "provides"
    static final class Alarm implements TaskListener {
        @Override
        public void reported(String id, String message, @Nullable Throwable problem) {
            if (id.equals("stuck")) {
                System.err.println(message);
            }
        }
    }
    // @end
}
