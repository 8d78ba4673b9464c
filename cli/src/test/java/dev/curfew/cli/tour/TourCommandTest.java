package dev.curfew.cli.tour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as people run it. */
class TourCommandTest {
    @TempDir Path directory;

    private record Result(int code, String out, String err) {}

    private Result tour(String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "tour"));
        command.addAll(List.of(args));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start();
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }

    @Test
    void printsPlainTextWhereThereIsNoTerminal() throws Exception {
        Result result = tour("interrupt-and-join");
        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(result.out())
                .contains("worker.cancelAndJoin();", "Of 1 scene,")
                .doesNotContain("\u001b");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void printsJson() throws Exception {
        Result result = tour("--json", "swallowed-cancellation");
        assertThat(result.code()).as(result.toString()).isZero();
        TourJson.Document document = TourJson.read(result.out());
        assertThat(document.scenes())
                .singleElement()
                .satisfies(scene -> {
                    assertThat(scene.java().events()).isNotEmpty();
                    assertThat(scene.curfew().good()).isTrue();
                });
    }

    @Test
    void namesTheScenesThatThereAre() throws Exception {
        Result result = tour("nonsense");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("curfew: there is no scene 'nonsense'; there are cancel-and-get, ");
    }
}
