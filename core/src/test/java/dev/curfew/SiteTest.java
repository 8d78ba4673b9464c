package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SiteTest {
    private static Site at(String... types) {
        Site site = here();
        site.setStackTrace(
                Arrays.stream(types)
                        .map(type -> new StackTraceElement(type, "method", null, 1))
                        .toArray(StackTraceElement[]::new));
        return site;
    }

    private static Site here() {
        Site site = Site.here();
        assumeThat(site).isNotNull(); // with -Ddev.curfew.sites=off there is none
        return site;
    }

    @Test
    void aPlaceBeginsWithTheFirstFrameThatIsNotTheLibrarys() {
        Site site =
                at(
                        "dev.curfew.internal.tree.Strand",
                        "dev.curfew.TaskImpl",
                        "dev.curfew.TaskImpl$$Lambda/0x0000000041000000",
                        "com.example.Main",
                        "dev.curfew.TaskGroup",
                        "com.example.Caller");

        assertThat(site.where())
                .extracting(StackTraceElement::getClassName)
                .containsExactly("com.example.Main", "dev.curfew.TaskGroup", "com.example.Caller");
    }

    @Test
    void whatIsBesideTheLibraryOrLoadedFromElsewhereIsNotTheLibrarys() {
        for (String type :
                new String[] {
                    "dev.curfew.samples.Main", "dev.curfewed.Main", SiteTest.class.getName()
                }) {
            assertThat(at("dev.curfew.TaskGroup", type).where())
                    .extracting(StackTraceElement::getClassName)
                    .containsExactly(type);
        }
    }

    @Test
    void aStackOfTheLibrarysFramesAloneIsNoPlace() {
        assertThat(at("dev.curfew.Task", "dev.curfew.TaskGroup").where()).isEmpty();
    }

    @Test
    void allPlacesAreTakenInARushWhereThatIsAskedFor() {
        assumeThat(System.getProperty("dev.curfew.sites")).isEqualTo("full");
        for (int i = 0; i < 1_000; i++) {
            assertThat(Site.sampled()).isNotNull();
        }
    }
}
