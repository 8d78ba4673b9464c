package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownReportTest {
    private static List<Task<?>> tasks(String... names) throws Exception {
        List<Task<?>> tasks = new ArrayList<>();
        TaskGroup.run(
                config -> config.withName("pool"),
                group -> {
                    for (String name : names) {
                        tasks.add(group.fork(name, () -> {}));
                    }
                });
        return tasks;
    }

    private static ShutdownReport report(int drained, List<Task<?>> stopped, List<Task<?>> left) {
        return new ShutdownReport(drained, stopped, left, Duration.ofMillis(1_250), "");
    }

    @Test
    void itIsCompleteIfNothingIsLeft() throws Exception {
        assertThat(report(0, tasks("a"), List.of()).complete()).isTrue();
        assertThat(report(0, List.of(), tasks("a")).complete()).isFalse();
    }

    @Test
    void itsTextHasTheNumbersAndTheNamesOfThoseThatDidNotEndByThemselves() throws Exception {
        assertThat(report(3, List.of(), List.of()))
                .hasToString("3 finished, 0 stopped, 0 left after 1250 ms");
        assertThat(report(0, tasks("a", "b"), tasks("c\nd")))
                .hasToString(
                        "0 finished, 2 stopped (pool/a, pool/b), 1 left (pool/c\uFFFDd) after 1250"
                                + " ms");
    }

    @Test
    void itsListsAreItsOwn() throws Exception {
        List<Task<?>> stopped = tasks("a");
        List<Task<?>> left = tasks("b");
        ShutdownReport report = report(0, stopped, left);
        stopped.clear();
        left.clear();
        assertThat(report.stopped()).hasSize(1);
        assertThat(report.left()).hasSize(1);
    }
}
