package dev.curfew.internal.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.TaskGroup;
import dev.curfew.testing.Jvm;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SettingsTest {
    /** Uses the library, and prints what that has reported. */
    static final class Mistyped {
        private Mistyped() {}

        public static void main(String[] args) throws Exception {
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            try (Reports.Capture _ =
                    Reports.capture((id, text, problem) -> told.add(id.key() + " " + text))) {
                TaskGroup.run(group -> group.fork(() -> {}));
                System.out.println(told.take());
                System.out.println(told.take());
            }
        }
    }

    @Test
    void whatTheJvmWasStartedWithIsLookedAtWhenTheLibraryIsFirstUsed() throws Exception {
        List<String> options = List.of("-Ddev.curfew.forks=FULL", "-Ddev.curfew.warn.stuk=off");
        try (Jvm jvm = Jvm.startWith(options, Mistyped.class)) {
            List<String> out = jvm.end().out();
            assertThat(out)
                    .first()
                    .isEqualTo(
                            "setting-unknown -Ddev.curfew.forks=FULL is not known; the values are"
                                    + " sampled, full, off");
            assertThat(out)
                    .last(InstanceOfAssertFactories.STRING)
                    .startsWith(
                            "setting-unknown -Ddev.curfew.warn.stuk has no effect: no warning has"
                                    + " this id; there are stuck, ");
        }
    }

    private static Properties set(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    @Test
    void whatIsSetToOneOfItsValuesIsNoProblemNorIsWhatIsNotTheLibrarys() {
        assertThat(
                        Settings.problems(
                                set(
                                        "dev.curfew.forks", "full",
                                        "dev.curfew.sites", "off",
                                        "dev.curfew.extensions", "on",
                                        "dev.curfew.management.cancel", "off",
                                        "dev.curfew.warn.cleanup-slow", "off",
                                        "dev.curfew.loaded", "true",
                                        "user.dir", "sampled")))
                .isEmpty();
    }

    @Test
    void eachMistypedOneIsNamedWithItsValues() {
        assertThat(
                        Settings.problems(
                                set(
                                        "dev.curfew.sites", "no",
                                        "dev.curfew.management.cancel", "",
                                        "dev.curfew.warn.stuck", "false")))
                .containsExactly(
                        "-Ddev.curfew.management.cancel= is not known; the values are on, off",
                        "-Ddev.curfew.sites=no is not known; the values are sampled, full, off",
                        "-Ddev.curfew.warn.stuck=false is not known; the values are on, off");
    }

    @Test
    void aWarningThatThereIsNotIsNamedWithThoseThatThereAre() {
        assertThat(Settings.problems(set("dev.curfew.warn.stuk", "off")))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(
                        "-Ddev.curfew.warn.stuk has no effect: no warning has this id; there are"
                                + " stuck, cleanup-slow, ");
    }

    @Test
    void aHostileValueIsShownHarmlessly() {
        assertThat(Settings.problems(set("dev.curfew.forks", "\u001b[2J" + "x".repeat(1_000_000))))
                .singleElement()
                .satisfies(text -> assertThat(text).doesNotContain("\u001b").hasSizeLessThan(600));
    }
}
