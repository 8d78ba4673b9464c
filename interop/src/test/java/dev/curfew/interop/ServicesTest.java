package dev.curfew.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.ContextCarrier;
import dev.curfew.ServiceGroup;
import dev.curfew.TaskGroup;
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
