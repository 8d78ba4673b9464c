package dev.curfew.cli;

import dev.curfew.Runner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code curfew run}: its options. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs shell commands as one group: the first failure stops the rest, and when it ends"
                    + " nothing that descends from a command is left running.",
            "",
            "The exit code is that of the first command that failed (128+n for signal n), 124 after"
                    + " a timeout, 130 after Ctrl-C, 143 after SIGTERM, 2 for wrong usage, else 0."
        })
final class RunCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Stop all commands after this time: 500ms, 2s, 1m30s, 2h.")
    private @Nullable Duration timeout;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description =
                    "How long a command that was asked to stop (SIGTERM) may take until it is killed"
                            + " (SIGKILL); ${DEFAULT-VALUE} unless set.")
    private Duration grace;

    @Option(
            names = "--names",
            paramLabel = "NAME,…",
            split = ",",
            description =
                    "The names of the commands given here, in order; each line of output starts"
                            + " with one.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "PROCFILE",
            description =
                    "Commands from a file, before those given here: lines like 'web: ./serve -p"
                            + " 80', and comments with #.")
    private @Nullable Path file;

    @Option(
            names = {"-k", "--keep-going"},
            description = "A failure does not stop the others; the exit code is still its own.")
    private boolean keepGoing;

    @Option(
            names = {"-l", "--limit"},
            paramLabel = "N",
            description = "At most so many at once; the others wait for their turn, in order.")
    private @Nullable Integer limit;

    @Option(
            names = {"-d", "--dir"},
            paramLabel = "PATH",
            description = "The commands' working directory.")
    private @Nullable Path directory;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "A variable of the commands' environment; may be given several times.")
    private List<String> variables = new ArrayList<>();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Lines NAME=VALUE, and comments with #; --env wins over them.")
    private List<Path> variableFiles = new ArrayList<>();

    @Option(
            names = "--shell",
            paramLabel = "PATH",
            defaultValue = "/bin/sh",
            description = "Is given each command with -c; ${DEFAULT-VALUE} unless set.")
    private String shell;

    @Option(
            names = "--json",
            description =
                    "Print one JSON document at the end, in place of the table, on standard output;"
                            + " the commands' output goes to standard error.")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description =
                    "Colours: ${COMPLETION-CANDIDATES}; auto is on a terminal, unless NO_COLOR is"
                            + " set.")
    private Colours.When colours;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Each is given to a shell.")
    private List<String> commands = new ArrayList<>();

    @Override
    public Integer call() {
        if (!System.getProperty("os.name").equals("Linux")) {
            System.err.println(
                    "curfew: run needs Linux: elsewhere it could not promise that nothing is left"
                            + " behind");
            return CommandLine.ExitCode.SOFTWARE;
        }
        Plan plan;
        try {
            plan = plan();
        } catch (UsageException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        // So the commands are stopped and awaited too where the JVM ends by something else than
        // the signals that Run handles.
        return Runner.call(
                config -> config.withName("curfew").withPatience(grace.plusSeconds(30)),
                _ -> run(plan));
    }

    private static int run(Plan plan) throws InterruptedException {
        try {
            Run run = new Run(plan);
            int code = run.execute();
            if (plan.json()) {
                System.out.print(RunJson.of(run, code));
                System.out.flush();
            } else {
                System.err.print(Summary.of(run.commands(), plan.err()));
            }
            return code;
        } catch (RuntimeException e) {
            System.err.println("curfew: this is a defect: " + Printable.of(e.toString()));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private Plan plan() throws UsageException {
        List<Plan.Line> lines = lines();
        if (limit != null && limit < 1) {
            throw new UsageException("--limit must be 1 or more, not " + limit);
        }
        if (directory != null && !Files.isDirectory(directory)) {
            throw new UsageException("--dir: there is no directory " + directory);
        }
        return new Plan(
                lines,
                grace,
                timeout,
                keepGoing,
                limit == null ? lines.size() : limit,
                program(shell),
                Environment.of(variableFiles, variables),
                directory,
                json,
                Colours.of(colours, 1),
                Colours.of(colours, 2));
    }

    private List<Plan.Line> lines() throws UsageException {
        List<Plan.Line> given = new ArrayList<>();
        if (file != null) {
            given.addAll(Procfile.read(file));
        }
        if (commands.isEmpty() && file == null) {
            throw new UsageException(
                    "say what to run, for example: curfew run 'sleep 1' 'date'; or -f Procfile");
        }
        if (names.size() > commands.size()) {
            throw new UsageException(
                    "--names has "
                            + names.size()
                            + " names for "
                            + commands.size()
                            + " commands; leave some out, or quote each command as one word");
        }
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i).isBlank()) {
                throw new UsageException("command " + (i + 1) + " is empty; leave it out");
            }
            boolean named = i < names.size() && !names.get(i).isBlank();
            String name = named ? names.get(i).trim() : nameOf(commands.get(i));
            given.add(new Plan.Line(name, commands.get(i)));
        }
        Map<String, Integer> seen = new HashMap<>();
        return given.stream()
                .map(line -> {
                    String name = Printable.of(line.name(), 40);
                    int times = seen.merge(name, 1, Integer::sum);
                    return new Plan.Line(times == 1 ? name : name + "#" + times, line.command());
                })
                .toList();
    }

    /** The program's name: the last part of the command's first word. */
    private static String nameOf(String command) {
        String word = command.trim().split("[\\s;&|]+", 2)[0];
        String last = word.substring(word.lastIndexOf('/') + 1);
        return last.isEmpty() ? "command" : last;
    }

    /** The file of a program that is given by its path, or by a name to be found in PATH. */
    private static String program(String name) throws UsageException {
        if (name.indexOf('/') >= 0) {
            if (isProgram(Path.of(name))) {
                return Path.of(name).toAbsolutePath().toString();
            }
        } else {
            String path = System.getenv("PATH");
            for (String part : (path == null ? "/usr/bin:/bin" : path).split(":")) {
                if (isProgram(Path.of(part, name))) {
                    return Path.of(part, name).toAbsolutePath().toString();
                }
            }
        }
        throw new UsageException("--shell: there is no program " + name);
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
