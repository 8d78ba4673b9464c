package dev.curfew.cli;

import dev.curfew.cli.attach.CancelCommand;
import dev.curfew.cli.attach.PsCommand;
import dev.curfew.cli.attach.TreeCommand;
import dev.curfew.cli.attach.WhyCommand;
import dev.curfew.cli.text.Printable;
import dev.curfew.cli.tour.TourCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code curfew} command. */
@Command(
        name = "curfew",
        mixinStandardHelpOptions = true,
        version = "curfew 0.1.0-SNAPSHOT",
        description =
                "Runs commands that can be cancelled and awaited, and looks at programs with such tasks.",
        subcommands = {
            RunCommand.class,
            TourCommand.class,
            PsCommand.class,
            TreeCommand.class,
            WhyCommand.class,
            CancelCommand.class
        })
public final class Main {
    private Main() {}

    /**
     * Runs it, and ends the JVM with its exit code.
     *
     * @param args the arguments
     */
    public static void main(String[] args) {
        int code = execute(args);
        System.out.flush();
        System.err.flush();
        System.exit(code); // not halt: where something else ends the JVM, its exit code counts
    }

    static int execute(String... args) {
        CommandLine line = new CommandLine(new Main());
        line.setParameterExceptionHandler((e, _) -> {
            CommandLine failed = e.getCommandLine();
            failed.getErr().println("curfew: " + Printable.of(e.getMessage()));
            failed.usage(failed.getErr());
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((e, _, _) -> {
            System.err.println("curfew: " + Printable.of(String.valueOf(e.getMessage())));
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (args.length == 0) {
            System.err.println("curfew: say what to do, for example: curfew run 'sleep 1' 'date'");
            line.usage(System.err);
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }
}
