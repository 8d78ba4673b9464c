package dev.curfew.cli;

import dev.curfew.cli.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            description = "The commands' names, in order; each line of output starts with one.")
    private List<String> names = new ArrayList<>();

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "Each is given to sh -c.")
    private List<String> commands;

    @Override
    public Integer call() throws Exception {
        if (!System.getProperty("os.name").equals("Linux")) {
            System.err.println(
                    "curfew: run needs Linux: elsewhere it could not promise that nothing is left"
                            + " behind");
            return 1;
        }
        Run run = new Run(commands, allNames(), grace);
        int code = run.execute(timeout);
        System.err.print(Summary.of(run.commands()));
        return code;
    }

    private List<String> allNames() {
        if (names.size() > commands.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--names has "
                            + names.size()
                            + " names for "
                            + commands.size()
                            + " commands; leave some out, or quote each command as one word");
        }
        List<String> all = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i).isBlank()) {
                throw new ParameterException(
                        spec.commandLine(), "command " + (i + 1) + " is empty; leave it out");
            }
            boolean named = i < names.size() && !names.get(i).isBlank();
            String name = Printable.of(named ? names.get(i).trim() : nameOf(commands.get(i)), 40);
            int times = seen.merge(name, 1, Integer::sum);
            all.add(times == 1 ? name : name + "#" + times);
        }
        return all;
    }

    /** The program's name: the last part of the command's first word. */
    private static String nameOf(String command) {
        String word = command.trim().split("\\s+", 2)[0];
        String last = word.substring(word.lastIndexOf('/') + 1);
        return last.isEmpty() ? "command" : last;
    }
}
