package dev.curfew.cli.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process, asking another one. */
@Timeout(600)
class AttachTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir Path directory;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private record Result(int code, String out, String err) {}

    private record Target(Process process, BufferedReader out, String[] line) {
        String pid() {
            return Long.toString(process.pid());
        }
    }

    private static List<String> java(String classPath, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        return command;
    }

    private Target subject(String classPath, List<String> options, String... args)
            throws IOException {
        List<String> command = java(classPath, options);
        command.add(Subject.class.getName());
        command.addAll(List.of(args));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(directory.resolve("subject").toFile())
                        .start();
        started.add(process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        assertThat(line).startsWith("ready");
        return new Target(process, out, line.split(" "));
    }

    private Target subject() throws IOException {
        return subject(CLASS_PATH, List.of());
    }

    private Result curfew(String... args) throws Exception {
        List<String> command = java(CLASS_PATH, List.of());
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        started.add(process);
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private void assertRefused(int code, String part, Result result) {
        assertThat(result.code).as(result.err).isEqualTo(code);
        assertThat(result.err).startsWith("curfew: ").contains(part);
        assertThat(result.err.lines()).hasSize(1);
        assertThat(result.out).isEmpty();
    }

    private static String without(String part) {
        return Arrays.stream(CLASS_PATH.split(":"))
                .filter(entry -> !entry.contains(part))
                .collect(Collectors.joining(":"));
    }

    @Test
    void psTreeWhyAndCancelWorkOnAJvmThatWasStartedWithoutAnyFlag() throws Exception {
        Target subject = subject();
        String poll = subject.line[1];
        String stuck = subject.line[2];

        Result ps = curfew("ps");
        assertThat(ps.code).as(ps.err).isZero();
        assertThat(ps.out).containsPattern(subject.pid() + " +" + Subject.class.getName());

        Result tree = curfew("tree", subject.pid());
        assertThat(tree.code).as(tree.err).isZero();
        assertThat(tree.out)
                .contains(
                        "service group subject [s1]: 2 tasks",
                        "─ task poll\uFFFD[31m [" + poll + "]",
                        "─ task stuck [" + stuck + "]: STUCK",
                        "\"a test\" by thread main",
                        "Subject.lockForEver(Subject.java:")
                .doesNotContain("\u001b");

        Result json = curfew("tree", "--json", subject.pid());
        assertThat(json.out).startsWith("{\"schema\":\"curfew-tree/1\"").endsWith("]}\n");

        for (Result why :
                List.of(
                        curfew("why", subject.pid(), stuck),
                        curfew("tree", "--stuck", subject.pid()))) {
            assertThat(why.code).as(why.err).isZero();
            assertThat(why.out)
                    .contains(
                            "task stuck [" + stuck + "]",
                            "at " + Subject.class.getName() + ".main(Subject.java:",
                            "what to do: it waits for a lock",
                            "lockInterruptibly()");
        }

        Result cancel = curfew("cancel", subject.pid(), poll, "--why", "enough");
        assertThat(cancel.code).as(cancel.err).isZero();
        assertThat(subject.out.readLine()).isEqualTo("poll ended");
        assertRefused(7, "has no task, group or scope " + poll, curfew("why", subject.pid(), poll));
        assertRefused(7, poll, curfew("cancel", subject.pid(), poll));
        // No agent was loaded: the JVM would have warned.
        assertThat(directory.resolve("subject")).content().doesNotContain("agent");
    }

    @Test
    void whatCannotBeAskedIsRefusedInALineWithACodeOfItsOwn() throws Exception {
        Target gone = subject(CLASS_PATH, List.of(), "plain");
        gone.process.destroyForcibly().waitFor();
        assertRefused(3, "there is no process " + gone.pid(), curfew("tree", gone.pid()));

        Target closed = subject(CLASS_PATH, List.of("-XX:+DisableAttachMechanism"), "plain");
        assertRefused(4, "forbids attaching", curfew("tree", closed.pid()));

        Target unseen = subject(CLASS_PATH, List.of("-XX:-UsePerfData"), "plain");
        assertRefused(4, "forbids attaching", curfew("tree", unseen.pid()));
        assertThat(unseen.process.isAlive()).isTrue();

        Process sleep = new ProcessBuilder("sleep", "300").start();
        started.add(sleep);
        String pid = Long.toString(sleep.pid());
        assertRefused(4, "is no JVM", curfew("why", pid, "1"));
        assertThat(sleep.isAlive()).isTrue();

        Target plain = subject(CLASS_PATH, List.of(), "plain");
        assertRefused(5, "does not use Curfew", curfew("tree", plain.pid()));

        String bare = without("management");
        assertThat(bare).isNotEqualTo(CLASS_PATH);
        Target without = subject(bare, List.of(), "bare");
        assertRefused(6, "curfew-management on its class path", curfew("tree", without.pid()));
        assertThat(curfew("ps").out)
                .contains(without.pid() + " ", "without curfew-management")
                .doesNotContain("\n" + plain.pid() + " ");

        Target locked = subject(CLASS_PATH, List.of("-Ddev.curfew.management.cancel=off"));
        assertRefused(8, "switched off", curfew("cancel", locked.pid(), locked.line[1]));
        assertThat(curfew("tree", locked.pid()).code).isZero();

        Target mistyped = subject(CLASS_PATH, List.of("-Ddev.curfew.management.cancel=no"));
        assertRefused(8, "switched off", curfew("cancel", mistyped.pid(), mistyped.line[1]));
    }

    /** A process of the given command and user. */
    private record Info(Optional<String> command, Optional<String> user)
            implements ProcessHandle.Info {
        @Override
        public Optional<String> commandLine() {
            return Optional.empty();
        }

        @Override
        public Optional<String[]> arguments() {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> startInstant() {
            return Optional.empty();
        }

        @Override
        public Optional<Duration> totalCpuDuration() {
            return Optional.empty();
        }
    }

    @Test
    void anotherUsersProcessIsNamedSo() {
        Optional<String> java = Optional.of("/opt/jdk/bin/java");
        Optional<String> alice = Optional.of("alice");
        assertThat(Jvm.notListed(7, new Info(java, Optional.of("bob")), alice))
                .isEqualTo(
                        "process 7 is another user's: it runs as bob, and this command as alice");
        assertThat(Jvm.notListed(7, new Info(java, alice), alice)).contains("forbids attaching");
        assertThat(Jvm.notListed(7, new Info(Optional.empty(), Optional.empty()), alice))
                .contains("forbids attaching", "or is no JVM");
        assertThat(Jvm.notListed(7, new Info(Optional.of("/bin/sleep"), alice), alice))
                .contains("is no JVM", "/bin/sleep");
    }

    @Test
    void wrongUseIsToldWithCode2() throws Exception {
        for (String[] args :
                new String[][] {
                    {"tree"},
                    {"tree", "x"},
                    {"why", "1"},
                    {"cancel"},
                    {"tree", "--children", "0", "1"}
                }) {
            Result result = curfew(args);
            assertThat(result.code).as(String.join(" ", args)).isEqualTo(2);
            assertThat(result.err).startsWith("curfew: ");
        }
    }
}
