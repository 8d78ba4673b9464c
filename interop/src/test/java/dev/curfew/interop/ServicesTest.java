package dev.curfew.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.ContextCarrier;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.TaskListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the library finds by {@link java.util.ServiceLoader} serves the whole process. */
@Timeout(60)
class ServicesTest {
    static final ThreadLocal<String> VALUE = new ThreadLocal<>();

    /** Carries one thread local, if it is set. */
    public static final class Carrier implements ContextCarrier {
        @Override
        public @Nullable Captured capture() {
            String value = VALUE.get();
            if (value == null) {
                return null;
            }
            return () -> {
                VALUE.set(value);
                return VALUE::remove;
            };
        }
    }

    /** Notes the ends of one group's tasks. */
    public static final class Listener implements TaskListener {
        static final List<String> ENDED = new CopyOnWriteArrayList<>();

        @Override
        public void ended(Task<?> task) {
            if (task.name().startsWith("listened/")) {
                ENDED.add(task.name());
            }
        }
    }

    @Test
    void aListenerThatIsFoundIsToldOfEveryGroupsTasks() throws Exception {
        TaskGroup.run(
                config -> config.withName("listened"), group -> group.fork("one", () -> "value"));
        assertThat(Listener.ENDED).containsExactly("listened/one");
    }

    @Test
    void aCarrierThatIsFoundServesEveryGroupAndTheViewsOfGroups() throws Exception {
        ServiceGroup service = ServiceGroup.open("service");
        VALUE.set("wide");
        try {
            TaskGroup.run(
                    group -> assertThat(group.fork(() -> VALUE.get()).await()).isEqualTo("wide"));
            assertThat(service.fork(() -> VALUE.get()).await()).isEqualTo("wide");
            assertThat(service.asExecutorService().submit(() -> VALUE.get()).get())
                    .isEqualTo("wide");
        } finally {
            VALUE.remove();
        }
        assertThat(service.fork(() -> VALUE.get()).await()).isNull();
        service.close();
    }
}
