package dev.curfew.cli;

import dev.curfew.cli.tour.TourCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code curfew} command. */
@Command(
        name = "curfew",
        mixinStandardHelpOptions = true,
        version = "curfew 0.1.0-SNAPSHOT",
        description = "Runs commands that can be cancelled and awaited.",
        subcommands = {RunCommand.class, TourCommand.class})
public final class Main {
    private Main() {}

    /**
     * Runs it, and ends the JVM with its exit code.
     *
     * @param args the arguments
     */
    public static void main(String[] args) {
        // halt, not exit: the signals that would run shutdown hooks are handled by then.
        int code = execute(args);
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
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
