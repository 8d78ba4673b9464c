package dev.curfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stops a run, and that nothing is left behind. */
class RunCommandTest extends RunHarness {
    @Test
    void outputIsPrefixedWholeAndKeepsItsStream() throws Exception {
        Result result =
                run("--names", "one,two", "echo a; printf 'b'; echo c >&2", "printf 'x\\ny\\n'");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .containsExactlyInAnyOrder("one | a", "one | b", "two | x", "two | y");
        assertThat(result.err()).contains("one | c\n").contains("command");
    }

    @Test
    void theTimeoutStopsWhatIgnoresSigtermAfterTheGraceAndExitsWith124() throws Exception {
        Result result =
                run(
                        "--timeout",
                        "500ms",
                        "--grace",
                        "1s",
                        "sleep 60",
                        "sh -c 'trap \"\" TERM; sleep 60 & wait'");
        assertThat(result.code()).isEqualTo(124);
        assertThat(result.err()).contains("the timeout", "left behind");
        assertThat(result.took()).isBetween(Duration.ofMillis(1400), Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | sleep 61 & exit 3",
                "5 | (sleep 61 & sleep 61 &) ; exit 5",
                "6 | setsid sleep 62 & exit 6",
                "7 | setsid sh -c 'trap \"\" TERM HUP INT; setsid sleep 62 & exit' & exit 7",
                "137 | kill -9 $$"
            })
    void aFailuresOwnCodeIsTheExitCodeAndNothingItLeftSurvives(int code, String command)
            throws Exception {
        Result result = run("--grace", "1s", command, "sleep 60");
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.err()).contains("failed", "cancelled");
    }

    @Test
    void aCommandEndsWithItsOwnProcessAndItsLeftoversAreShownAndStopped() throws Exception {
        Result result = run("--names", "daemon,other", "setsid sleep 62 & exit 0", "exit 4");
        assertThat(result.code()).isEqualTo(4);
        Result calm = run("--names", "daemon", "sleep 62 & exit 0");
        assertThat(calm.code()).isZero();
        assertThat(calm.err()).contains("left behind", "sleep (");
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    void aSignalCancelsWaitsForCleanUpAndGivesItsExitCode(String signal, int code)
            throws Exception {
        long started = System.nanoTime();
        Process process =
                start(
                        "trap 'echo cleaning; sleep 0.2; echo cleaned; exit 0' TERM; echo ready;"
                                + " while :; do sleep 0.05; done");
        awaitOutput("ready");
        signal(process, signal);
        Result result = end(process, started);
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.out()).contains("cleaned");
        assertThat(result.err()).contains("SIG" + signal);
    }

    @Test
    void aSecondSignalTakesTheGraceAway() throws Exception {
        long started = System.nanoTime();
        Process process =
                start(
                        "--grace",
                        "10m",
                        "trap 'echo told' TERM; echo ready; while :; do sleep 0.05; done");
        awaitOutput("ready");
        signal(process, "INT");
        awaitOutput("told");
        awaitError("at most 10 min 0 s; once more kills them");
        signal(process, "INT");
        assertThat(end(process, started).code()).isEqualTo(130);
    }

    @Test
    void theFirstFailuresCodeStaysAlsoIfCtrlCFollows() throws Exception {
        long started = System.nanoTime();
        Process process =
                start(
                        "--grace",
                        "10m",
                        "trap 'echo told' TERM; echo ready; while :; do sleep 0.05; done",
                        "sleep 0.5; exit 9");
        awaitOutput("told");
        signal(process, "INT");
        // One more request to stop; the next one kills. A signal that is sent before the one of
        // its kind has been taken is lost, so says POSIX.
        awaitError("Ctrl-C (SIGINT)");
        signal(process, "INT");
        assertThat(end(process, started).code()).isEqualTo(9);
    }

    @Test
    void whatForksFasterThanItIsKilledIsStoppedToo() throws Exception {
        Result result =
                run(
                        "--grace",
                        "500ms",
                        "--timeout",
                        "700ms",
                        "trap '' TERM; f() { (trap '' TERM; sleep 0.01; f) & }; f; f; sleep 60");
        assertThat(result.code()).isEqualTo(124);
    }

    @Test
    void fiftyCommandsRunAtOnce() throws Exception {
        String[] commands = new String[50];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = "for k in 1 2 3 4 5 6 7 8 9 10; do echo line-" + i + "-$k; done";
        }
        Result result = run(commands);
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).hasSize(500).allMatch(line -> line.contains(" | line-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--timeout=abc", "--timeout=-1s", "--grace=", "--no-such-option"})
    void wrongUsageIsOneLineAndTheUsageAndExits2(String option) throws Exception {
        Result result = run(option, "true");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines().findFirst().orElseThrow()).startsWith("curfew: ");
        assertThat(result.err()).contains("Usage: curfew run").doesNotContain("Exception");
    }

    @Test
    void tooManyNamesAndNoCommandsAreWrongUsage() throws Exception {
        assertThat(run("--names", "a,b", "true").code()).isEqualTo(2);
        assertThat(run().code()).isEqualTo(2);
    }
}
