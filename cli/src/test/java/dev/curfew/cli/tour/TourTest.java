package dev.curfew.cli.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Help.Ansi;

/** The scenes play, once for all tests, slower than for people: this machine may be busy. */
class TourTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/curfew/cli/tour");

    private static List<Tour.Played> played;

    @BeforeAll
    static void play() throws Exception {
        Tour tour = new Tour(Duration.ofSeconds(1));
        played = new ArrayList<>();
        for (Scene scene : Scene.all()) {
            Tour.rehearse(scene);
            played.add(tour.play(scene));
        }
    }

    @Test
    void everySceneGoesWrongWithTheObviousJavaAndRightWithCurfew() {
        for (Tour.Played p : played) {
            if (p.obstacle() == null) {
                assertThat(p.java().verdict().good()).as(p.java().toString()).isFalse();
                assertThat(p.curfew().verdict().good()).as(p.curfew().toString()).isTrue();
            }
        }
        assertThat(played).filteredOn(p -> p.obstacle() == null).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void everyVerdictFollowsFromTheEventsThatTheJsonHas() {
        TourJson.Document document = TourJson.read(TourJson.write(played));
        assertThat(document.scenes()).hasSameSizeAs(Scene.all());
        for (int i = 0; i < document.scenes().size(); i++) {
            Scene scene = Scene.all().get(i);
            TourJson.SceneJson json = document.scenes().get(i);
            assertThat(json.name()).isEqualTo(scene.name());
            if (json.notRun() != null) {
                continue;
            }
            for (TourJson.HalfJson half : List.of(json.java(), json.curfew())) {
                assertThat(scene.judge(new Trace(half.events())))
                        .isEqualTo(new Verdict(half.good(), half.verdict()));
                assertThat(half.events())
                        .isSortedAccordingTo(Comparator.comparingLong(Event::nanos))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void theTextIsPlainUnlessColourIsAskedFor() {
        TourText plain = new TourText(Ansi.OFF, 80);
        TourText coloured = new TourText(Ansi.ON, 80);
        String text = plain.scene(1, played.getFirst());
        assertThat(text).doesNotContain("\u001b").contains("wrong: ", "right: ");
        assertThat(coloured.scene(1, played.getFirst()).replaceAll("\u001b\\[[0-9;]*m", ""))
                .isNotEqualTo(coloured.scene(1, played.getFirst()))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void whereThereIsRoomTheTwoStandBesideEachOther(int index) {
        String text = new TourText(Ansi.OFF, 120).scene(1, played.get(index));
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(120));
        if (played.get(index).obstacle() == null) {
            assertThat(text.lines())
                    .anyMatch(line -> line.contains("wrong: ") && line.contains("right: "));
        }
    }

    @Test
    void aSceneThatCannotRunSaysSo() throws Exception {
        Tour.Played none =
                new Tour(Duration.ofMillis(1)).play(new BlockingInterrupt("no-such-command"));
        assertThat(none.kept()).isTrue();
        assertThat(new TourText(Ansi.OFF, 80).scene(5, none))
                .contains("Not run: it needs a named pipe");
        assertThat(TourJson.write(List.of(none))).contains("\"notRun\": \"it needs a named pipe");
    }

    static List<Integer> scenes() {
        return List.of(0, 1, 2, 3, 4, 5);
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void theCodeThatIsShownIsTheCodeThatRuns(int index) throws Exception {
        Scene scene = Scene.all().get(index);
        String source =
                Files.readString(SOURCES.resolve(scene.getClass().getSimpleName() + ".java"));
        assertThat(scene.javaCode()).isEqualToIgnoringWhitespace(region(source, "java"));
        assertThat(scene.curfewCode()).isEqualToIgnoringWhitespace(region(source, "curfew"));
    }

    /** The region, without the recording. */
    private static String region(String source, String name) throws IOException {
        Matcher region =
                Pattern.compile(
                                "// @start region=\"" + name + "\"\n(.*?)\n *// @end",
                                Pattern.DOTALL)
                        .matcher(source);
        assertThat(region.find()).as(name).isTrue();
        return region.group(1).replaceAll(" *stage\\.saw\\([^;]*;", "");
    }
}
