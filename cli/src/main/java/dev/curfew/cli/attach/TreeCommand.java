package dev.curfew.cli.attach;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curfew tree}. */
@Command(
        name = "tree",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows the groups, tasks and scopes of a running JVM.",
            "",
            "The exit code is 3 if there is no such process, 4 if it cannot be attached to, 5 if it"
                    + " does not use Curfew, 6 if it has no curfew-management."
        })
public final class TreeCommand extends Asking {
    @Option(names = "--json", description = "As JSON, see docs/tree.schema.json.")
    private boolean json;

    @Option(
            names = "--stuck",
            description = "Only what was asked to stop and has not ended, with its stack.")
    private boolean stuck;

    @Option(
            names = "--children",
            paramLabel = "N",
            defaultValue = "100",
            description = "So many tasks of one group at most; ${DEFAULT-VALUE} unless set.")
    private int children;

    @Override
    void check() {
        if (json && stuck) {
            throw usage("--json and --stuck exclude each other; leave one out");
        }
        if (children < 1) {
            throw usage("--children must be at least 1, not " + children);
        }
    }

    @Override
    String ask(Jvm jvm) throws Refusal {
        if (json) {
            return jvm.json() + "\n";
        }
        String text = stuck ? jvm.report() : jvm.tree(children);
        return !text.isEmpty()
                ? text
                : stuck ? "nothing that was asked to stop is left\n" : "no group is open\n";
    }
}
