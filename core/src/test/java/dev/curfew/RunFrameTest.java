package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What a parked task keeps in the heap of the run around its body. */
class RunFrameTest {
    private static String loadedClasses() throws Exception {
        return (String)
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "vmClasses",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
    }

    @Test
    void nothingLoadsTheClassThatKeepsMethodsOutOfTheRun() throws Exception {
        TaskGroup.run(group -> {
            group.fork(() -> 1);
            group.fork(() -> "two");
        });
        assertThat(loadedClasses()).contains("dev.curfew.TaskImpl").doesNotContain("NotInlined");
    }
}
