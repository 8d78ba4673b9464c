package dev.curfew.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs jcstress in a JVM of its own; its outcomes, with counts, are in target/jcstress/log.txt. */
class JcstressTest {
    private static final boolean LONG = Boolean.getBoolean("stress.long");

    @Test
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void noHandshakeHasAForbiddenOutcome() throws Exception {
        Path report = Path.of(System.getProperty("stress.report", "target/jcstress"));
        Files.createDirectories(report);
        Path log = report.resolve("log.txt");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.openjdk.jcstress.Main",
                                "-v",
                                "-r",
                                report.toString()));
        String options = LONG ? LONG_OPTIONS : SHORT_OPTIONS;
        command.addAll(List.of(options.split(" ")));
        if (!LONG) {
            command.addAll(List.of("-t", SHORT));
        }
        Process jcstress =
                new ProcessBuilder(command)
                        .directory(report.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(jcstress.waitFor(LONG ? 14_000 : 480, TimeUnit.SECONDS)).isTrue();
        } finally {
            jcstress.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(output)
                .contains("[OK]")
                .doesNotContain("[FAILED]", "[ERROR]", "hs_err", "would not run");
        assertThat(output.lines().filter(l -> l.startsWith("(Results:")).toList().getLast())
                .contains(" 0 failed, 0 soft errs, 0 hard errs");
    }

    private static final String LONG_OPTIONS =
            "-m default -f 1 -iters 2 -time 500 -jvmArgs -Xmx256m";

    private static final String SHORT_OPTIONS =
            "-m quick -sc false -f 1 -iters 1 -time 300 -jvmArgs -Xmx256m";

    /** Those whose window is narrow enough to be met in a second. */
    private static final String SHORT =
            "ForkAgainstCancel|CancelAgainst(Completion|GroupEnd|Value)|JoinAgainstEnd";
}
