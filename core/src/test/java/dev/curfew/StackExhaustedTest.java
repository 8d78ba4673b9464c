package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Jvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A recursion that uses up the stack: the tasks of every block have ended when it is left, also in
 * a JVM that has never ended a block before, and has to load what it needs for that.
 */
class StackExhaustedTest {

    @ParameterizedTest
    @CsvSource({
        "platform, -Xint",
        "platform, -XX:TieredStopAtLevel=1",
        "platform, -XX:TieredStopAtLevel=4",
        "virtual, -Xint",
        "virtual, -XX:TieredStopAtLevel=1",
        "virtual, -XX:TieredStopAtLevel=4"
    })
    @Conformance({"TC31", "TG21"})
    void noTaskOutlivesItsBlock(String kind, String compiled) throws Exception {
        try (Jvm jvm = Jvm.startWith(List.of("-Xss512k", compiled), Recursion.class, kind)) {
            Jvm.End end = jvm.end();
            assertThat(end.out()).as(end.err()).containsOnly("StackOverflowError, 0 tasks left");
            assertThat(end.code()).isZero();
        }
    }

    /** The program: each run begins at another place of the stack. */
    static final class Recursion {
        private static final int RUNS = 4;

        private Recursion() {}

        public static void main(String[] args) throws Exception {
            Thread.Builder kind =
                    args[0].equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
            for (int i = 0; i < RUNS; i++) {
                int padding = 37 * i;
                List<String> came = new ArrayList<>();
                Thread thread = kind.start(() -> came.add(exhaust(padding)));
                thread.join();
                came.forEach(System.out::println);
            }
        }

        private static String exhaust(int padding) {
            AtomicInteger live = new AtomicInteger();
            String left;
            try {
                pad(padding, live);
                left = "nothing";
            } catch (Throwable e) {
                left = e.getClass().getSimpleName();
            }
            int tasks = live.get();
            try {
                CancelScope.current();
                return "still in a scope";
            } catch (IllegalStateException e) {
                return left + ", " + tasks + " tasks left";
            }
        }

        private static void pad(int frames, AtomicInteger live) throws Exception {
            if (frames > 0) {
                pad(frames - 1, live);
            } else {
                deeper(live);
            }
        }

        private static void deeper(AtomicInteger live) throws Exception {
            TaskGroup.run(group -> {
                live.incrementAndGet();
                try {
                    Task<?> task = group.fork(() -> Blocked.forEver());
                    task.onEnd(_ -> live.decrementAndGet());
                } catch (StackOverflowError e) {
                    live.decrementAndGet();
                    throw e;
                }
                deeper(live);
            });
        }
    }
}
