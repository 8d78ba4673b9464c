package dev.curfew.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Each contender does its work, and says so if it has not: the operations check their results. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ContendersTest {
    private static final int FEW = 5;

    @TestFactory
    List<DynamicTest> everyContenderDoesWhatItTakesPartIn() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Contender contender : Contenders.of(Contenders.names())) {
            for (Workload workload : Workload.values()) {
                Operation operation = workload.operation(contender, FEW);
                if (operation != null) {
                    tests.add(
                            dynamicTest(
                                    workload + " " + contender.name(),
                                    () -> withinTime(() -> runs(workload, operation))));
                }
            }
            Contender.Holding holding = contender.holding(FEW);
            if (holding != null) {
                tests.add(
                        dynamicTest(
                                "W5 " + contender.name(), () -> withinTime(() -> holds(holding))));
            }
        }
        return tests;
    }

    /** Dynamic tests have no timeout of their own. */
    private static void withinTime(Executable work) {
        assertTimeoutPreemptively(Duration.ofSeconds(60), work);
    }

    private static void runs(Workload workload, Operation operation) throws Exception {
        Samples samples = new Samples();
        assertThat(operation.run(3, samples)).isPositive();
        assertThat(samples.size()).isEqualTo(workload == Workload.W6 ? 3 : 0);
    }

    private static void holds(Contender.Holding holding) throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        Loops.await(() -> {
            holding.whileBlocked(() -> ran.set(true));
            return 0L;
        });
        assertThat(ran).isTrue();
    }

    @Test
    void everyGoalIsAboutACaseThatIsMeasured() throws Exception {
        for (String file : List.of("goals.tsv", "goals-quick.tsv")) {
            assertThat(Goal.read(Path.of(file)))
                    .isNotEmpty()
                    .allSatisfy(goal ->
                            assertThat(goal.which().workload().cases()).contains(goal.which()));
        }
    }
}
