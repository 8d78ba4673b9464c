package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Jvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a parked task keeps in the heap of the run around its body. */
class RunFrameTest {
    /** In a JVM of its own, since a reflective look at the class around it would load it. */
    static final class Program {
        public static void main(String[] args) throws Exception {
            TaskGroup.run(group -> {
                group.fork(() -> 1);
                Task<?> stopped =
                        group.fork(() -> {
                            Thread.sleep(60_000);
                        });
                stopped.cancelAndJoin();
            });
        }
    }

    @Test
    void nothingLoadsTheClassThatKeepsMethodsOutOfTheRun() throws Exception {
        try (Jvm jvm = Jvm.startWith(List.of("-Xlog:class+load:stdout"), Program.class)) {
            Jvm.End end = jvm.end();
            assertThat(end.code()).isZero();
            assertThat(end.out())
                    .anyMatch(line -> line.contains("dev.curfew.TaskImpl "))
                    .noneMatch(line -> line.contains("NotInlined"));
        }
    }
}
