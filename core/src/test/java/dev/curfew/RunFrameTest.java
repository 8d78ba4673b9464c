package dev.curfew;

import dev.curfew.testing.Jvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a parked task keeps in the heap of the run around its body. */
class RunFrameTest {
    /** In a JVM of its own, which says what it compiles, until it is killed. */
    static final class Program {
        public static void main(String[] args) throws Exception {
            while (true) {
                nest(10);
            }
        }

        private static void nest(int depth) throws InterruptedException {
            if (depth > 0) {
                TaskGroup.run(group -> {
                    group.fork(() -> nest(depth - 1));
                });
            }
        }
    }

    @Test
    void theOptimizingCompilerPutsNothingIntoItOfWhatComesAfterTheBody() throws Exception {
        List<String> options =
                List.of(
                        "-XX:TieredStopAtLevel=4",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+PrintInlining");
        try (Jvm jvm = Jvm.startWith(options, Program.class)) {
            jvm.awaitLineWith("TaskImpl$Apart::bodyEnded", "exception method");
        }
    }
}
