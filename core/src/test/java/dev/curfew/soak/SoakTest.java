package dev.curfew.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.curfew.testing.Jvm;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random programs, see {@link SoakRuns}. A failure names the seed. */
class SoakTest {

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void randomProgramsKeepTheRules() throws Exception {
        System.out.println(new SoakRuns().run(7));
    }

    @Test
    void randomProgramsKeepTheRulesOnOneCarrier() throws Exception {
        boolean isShort =
                System.getProperty("curfew.soak.seconds") == null
                        && System.getProperty("curfew.soak.programs") == null;
        assumeTrue(isShort, "a long run is given its number of carriers by its options");
        List<String> options = List.of("-Djdk.virtualThreadScheduler.parallelism=1");
        try (Jvm jvm = Jvm.startWith(options, SoakRuns.class, "3")) {
            Jvm.End end = jvm.end();
            assertThat(end.code()).as(end.err()).isZero();
            System.out.println("on one carrier, " + end.out().getLast());
        }
    }
}
