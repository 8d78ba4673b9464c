package dev.curfew.cli.attach;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curfew cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Asks a task, a group or a scope of a running JVM to stop, and does not wait for that.",
            "",
            "The exit code is 7 if there is none with this id that can be cancelled, 8 if the"
                    + " program does not allow it; else as of: curfew tree."
        })
public final class CancelCommand extends Asking {
    @Parameters(
            index = "1",
            paramLabel = "ID",
            description = "As curfew tree shows it: 31, 31.2, s1.")
    private String id;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            defaultValue = "curfew cancel",
            description = "The reason that the program is given.")
    private String why;

    @Override
    String ask(Jvm jvm) throws Refusal {
        if (!jvm.cancel(id, why)) {
            throw noSuchId(id);
        }
        return id + " was asked to stop\n";
    }
}
