package dev.curfew.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of {@code curfew run}, on the real process. */
class RunOptionsTest extends RunHarness {

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    // ---- -f ----------------------------------------------------------------------------------

    @Test
    void aProcfilesCommandsRunUnderTheirNamesBeforeThoseOfTheCommandLine() throws Exception {
        String procfile =
                file(
                        "Procfile",
                        "# the application\nweb:   echo serving: all\n\nwork_er-1: echo working\r\n");
        Result result = run("-f", procfile, "--names", "extra", "echo more");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .containsExactlyInAnyOrder(
                        "web       | serving: all", "work_er-1 | working", "extra     | more");
        assertThat(result.err().lines().skip(1))
                .extracting(line -> line.split(" ")[0])
                .containsExactly("web", "work_er-1", "extra");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'web: true\nserve it\n' | Procfile:2: 'serve it' is no 'name: command'",
                "'my web: true' | Procfile:1: 'my web: true' is no",
                "'web:\n' | Procfile:1: 'web:' is no",
                "'a: true\n# a\na: true' | Procfile:3: the name a is taken by line 1",
                "'# nothing\n' | has no command",
            })
    void aBadProcfileIsNamedWithItsLineAndNothingIsRun(String content, String problem)
            throws Exception {
        Result result = run("-f", file("Procfile", content), "echo ran");
        assertWrongUsage(result, problem);
    }

    @Test
    void aProcfileThatCannotBeReadIsWrongUsage() throws Exception {
        assertWrongUsage(run("-f", directory + "/none"), "there is no file " + directory + "/none");
        assertWrongUsage(run("-f", directory.toString()), "is a directory");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {'a', ':', (byte) 0xff});
        assertWrongUsage(run("-f", binary.toString()), "is no text in UTF-8");
    }

    private static void assertWrongUsage(Result result, String problem) {
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().findFirst().orElseThrow())
                .startsWith("curfew: ")
                .contains(problem);
        assertThat(result.err()).contains("Usage: curfew run").doesNotContain("Exception");
    }

    // ---- --keep-going, --limit ---------------------------------------------------------------

    @Test
    void keptGoingTheOthersEndByThemselvesAndTheFirstFailuresCodeIsTheExitCode() throws Exception {
        String failed = directory.resolve("failed").toString();
        Result result =
                run(
                        "--keep-going",
                        "--names",
                        "first,second",
                        "touch " + failed + "; exit 3",
                        "until [ -e "
                                + failed
                                + " ]; do sleep 0.05; done; sleep 0.5; echo on; exit 4");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("second | on\n");
        assertThat(result.err()).doesNotContain("cancelled", "defect", "dev.curfew");
    }

    @Test
    void keptGoingTheFirstFailuresCodeStaysIfTheTimeoutFollows() throws Exception {
        assertThat(run("-k", "--timeout", "2s", "exit 3", "sleep 60").code()).isEqualTo(3);
    }

    @Test
    void noMoreThanTheLimitRunAtOnceAndTheyStartInOrder() throws Exception {
        String[] args = new String[14];
        args[0] = "--limit";
        args[1] = "2";
        for (int i = 2; i < args.length; i++) {
            // Each counts who is there while it is: a directory is made by one only.
            args[i] =
                    "d=%s; mkdir $d/$$ && ls $d | wc -l; sleep 0.1; rmdir $d/$$"
                            .formatted(Files.createDirectories(directory.resolve("running")));
        }
        Result result = run(args);
        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .hasSize(12)
                .allMatch(line -> line.endsWith("| 1") || line.endsWith("| 2"));
        Result ordered = run("--limit", "1", "echo 1", "echo 2", "echo 3", "echo 4");
        assertThat(ordered.out().lines())
                .containsExactly("echo   | 1", "echo#2 | 2", "echo#3 | 3", "echo#4 | 4");
    }

    @ParameterizedTest
    @CsvSource({"exit 5,5", "sleep 60,124"})
    void whoseTurnHasNotComeWhenTheRunIsStoppedIsNotStarted(String first, int code)
            throws Exception {
        Result result =
                run(
                        "--limit",
                        "1",
                        "--timeout",
                        "3s",
                        "--names",
                        "a,b,c",
                        first,
                        "echo b",
                        "echo c");
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).containsPattern("b +not started.*(ended with 5|the timeout)");
        assertThat(result.err()).containsPattern("c +not started.*(ended with 5|the timeout)");
    }

    // ---- --json ------------------------------------------------------------------------------

    @Test
    void theDocumentIsAllOfStandardOutputAndHasEveryCommand() throws Exception {
        Result result =
                run(
                        "--json",
                        "--timeout",
                        "2s",
                        "--names",
                        "good,bad,slow",
                        "-k",
                        "sleep 61 & echo out; exit 0",
                        "kill -9 $$",
                        "sleep 60");
        JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
        assertThat(result.code()).isEqualTo(137);
        assertThat(document.get("exitCode").getAsInt()).isEqualTo(137);
        assertThat(document.get("stoppedBy").getAsString()).isEqualTo("timeout");
        assertThat(document.get("seconds").getAsDouble()).isGreaterThan(1.9);
        List<JsonObject> commands =
                document.getAsJsonArray("commands").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .toList();
        assertThat(commands)
                .extracting(c -> c.get("name").getAsString() + " " + c.get("outcome").getAsString())
                .containsExactly("good ok", "bad failed", "slow cancelled");
        assertThat(commands.get(0).get("leftBehind").getAsJsonArray().get(0).toString())
                .contains("\"command\":\"sleep\"");
        assertThat(commands.get(0).get("signal").isJsonNull()).isTrue();
        assertThat(commands.get(1).get("signal").getAsInt()).isEqualTo(9);
        assertThat(commands.get(1).get("cancelled").isJsonNull()).isTrue();
        assertThat(commands.get(2).get("command").getAsString()).isEqualTo("sleep 60");
        JsonObject why = commands.get(2).get("cancelled").getAsJsonObject();
        assertThat(why.get("kind").getAsString()).isEqualTo("TIMED_OUT");
        assertThat(result.err()).isEqualTo("good | out\n");
    }

    @Test
    void theDocumentIsPrintedAlsoAfterASignal() throws Exception {
        long started = System.nanoTime();
        Process process =
                start("--json", "touch " + directory.resolve("out.ready") + "; exec sleep 60");
        awaitFile("out.ready");
        signal(process, "TERM");
        Result result = end(process, started);
        assertThat(result.code()).isEqualTo(143);
        JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
        assertThat(document.get("stoppedBy").getAsString()).isEqualTo("SIGTERM");
    }

    private void awaitFile(String name) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(directory.resolve(name))) {
            assertThat(System.nanoTime()).as("waiting for " + name).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    // ---- --color -----------------------------------------------------------------------------

    @Test
    void coloursAreForTerminalsUnlessAskedFor() throws Exception {
        Result plain = run("echo x");
        assertThat(plain.out() + plain.err()).doesNotContain("\u001b");
        assertThat(run("--color", "never", "echo x").err()).doesNotContain("\u001b");
        Result coloured = run("--color=always", "echo x", "exit 1");
        assertThat(coloured.out()).contains("\u001b[36mecho | \u001b[0mx");
        assertThat(coloured.err()).contains("\u001b[31mfailed\u001b[0m");
    }

    @ParameterizedTest
    @CsvSource({"NO_COLOR,'',true", "NO_COLOR,1,false", "TERM,dumb,false"})
    void onATerminalThereAreColoursUnlessTheEnvironmentSaysNo(
            String name, String value, boolean colours) throws Exception {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script), "it needs script, of util-linux");
        String java =
                System.getProperty("java.home")
                        + "/bin/java --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp "
                        + System.getProperty("java.class.path")
                        + " dev.curfew.cli.Main run 'echo x'";
        ProcessBuilder builder =
                new ProcessBuilder(script.toString(), "-qec", java, "/dev/null")
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        builder.environment().put(name, value);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(out).contains("x");
        assertThat(out.contains("\u001b[")).as(out).isEqualTo(colours);
    }

    // ---- shell, environment, directory -------------------------------------------------------

    @Test
    void theShellMayBeAPathOrAName() throws Exception {
        String shell = file("shell", "#!/bin/sh\necho \"asked for $2\"\n");
        assertThat(Path.of(shell).toFile().setExecutable(true)).isTrue();
        assertThat(run("--shell", shell, "this").out()).isEqualTo("this | asked for this\n");
        assertThat(run("--shell", "sh", "echo $0").out()).endsWith("/sh\n");
        assertWrongUsage(run("--shell", "no-such-shell", "true"), "no program no-such-shell");
        assertWrongUsage(run("--shell", directory.toString(), "true"), "there is no program");
    }

    @Test
    void variablesComeFromOursThenTheFilesThenTheCommandLine() throws Exception {
        String file = file("env", "# settings\nA=file\nB=file = 1\n\n");
        long started = System.nanoTime();
        Process process =
                start(
                        Main.class,
                        Map.of("A", "ours", "B", "ours", "C", "ours", "D", "ours"),
                        "--env-file",
                        file,
                        "--env",
                        "A=given",
                        "-e",
                        "D=",
                        "echo \"$A,$B,$C,$D\"");
        assertThat(end(process, started).out()).isEqualTo("echo | given,file = 1,ours,\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "=x", "CURFEW_RUN=1"})
    void aBadVariableIsWrongUsageAndAFilesLineIsNamed(String variable) throws Exception {
        assertWrongUsage(run("--env", variable, "true"), "--env: ");
        assertWrongUsage(run("--env-file", file("env", "X=1\n" + variable), "true"), "env:2: ");
    }

    @Test
    void theDirectoryIsTheCommands() throws Exception {
        Path there = Files.createDirectory(directory.resolve("a place"));
        Result result = run("--dir", there.toString(), "pwd; touch made");
        assertThat(result.out()).isEqualTo("pwd | " + there.toRealPath() + "\n");
        assertThat(there.resolve("made")).exists();
        assertWrongUsage(run("--dir", there + "/none", "true"), "--dir: there is no directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--limit=0", "--limit=-1", "--limit=x", "--color=pink"})
    void wrongValuesAreWrongUsage(String option) throws Exception {
        assertWrongUsage(run(option, "true"), option.substring(2, option.indexOf('=')));
    }

    // ---- the JVM's end -----------------------------------------------------------------------

    @Test
    void theCommandsAreStoppedAndAwaitedAlsoIfSomethingElseEndsTheJvm() throws Exception {
        long started = System.nanoTime();
        Process process =
                start(
                        ExitsWhenTold.class,
                        Map.of(),
                        "trap 'sleep 0.3; echo cleaned; exit 0' TERM; setsid sleep 62 & echo ready;"
                                + " while :; do sleep 0.05; done");
        awaitOutput("ready");
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        Result result = end(process, started);
        assertThat(result.code()).isEqualTo(9);
        assertThat(result.out()).contains("cleaned");
        assertThat(result.err()).contains("cancelled", "System.exit");
    }
}
