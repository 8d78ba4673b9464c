package dev.curfew.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.inspect.TaskTree;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.watch.StuckAdvice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The page on warnings is complete; {@link PagesTest} holds that its code is compiled. */
class WarningsPageTest {
    private static final Path PAGE = Path.of("../docs/warnings.md");

    @Test
    void everyWarningHasASectionALevelAndASwitch() throws Exception {
        String page = Files.readString(PAGE);
        for (Report report : Report.values()) {
            String key = report.key();
            assertThat(page)
                    .contains(
                            "\n## " + key + "\n",
                            "`-Ddev.curfew.warn." + key + "=off`",
                            "| [" + key + "](#" + key + ") | " + report.level());
        }
    }

    @Test
    void everyAdviceHasASectionWithItsTextAndASampleThatCompiles() throws Exception {
        String page = Files.readString(PAGE);
        for (StuckAdvice advice : StuckAdvice.values()) {
            assertThat(page)
                    .contains(
                            "\n### " + advice.key() + "\n",
                            advice.text(),
                            "<!-- sample: StuckSamples " + camel(advice.key()) + " -->\n```java\n");
        }
    }

    private static String camel(String key) {
        String[] words = key.split("-");
        StringBuilder camel = new StringBuilder(words[0]);
        Arrays.stream(words)
                .skip(1)
                .forEach(w ->
                        camel.append(Character.toUpperCase(w.charAt(0))).append(w, 1, w.length()));
        return camel.toString();
    }

    @Test
    void theSampleOfLookingRuns() {
        assertThat(InspectSamples.tree()).doesNotContain("\u001b");
        assertThat(TaskTree.snapshot().json()).startsWith("{");
    }
}
