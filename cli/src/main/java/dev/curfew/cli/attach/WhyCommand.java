package dev.curfew.cli.attach;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curfew why}. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = {
            "Tells all about one task, group or scope of a running JVM: who asked it to stop, when,"
                    + " why and where, whether it was told, where it is now, and what that waits for.",
            "",
            "The exit code is 7 if there is none with this id; else as of: curfew tree."
        })
public final class WhyCommand extends Asking {
    @Parameters(
            index = "1",
            paramLabel = "ID",
            description = "As curfew tree shows it: 31, 31.2, s1.")
    private String id;

    @Override
    String ask(Jvm jvm) throws Refusal {
        String text = jvm.why(id);
        if (text.isEmpty()) {
            throw noSuchId(id);
        }
        return text;
    }
}
