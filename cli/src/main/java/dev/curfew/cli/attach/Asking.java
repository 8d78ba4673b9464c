package dev.curfew.cli.attach;

import dev.curfew.cli.text.Printable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands that ask one JVM have in common. */
abstract class Asking implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PID", description = "The process; see: curfew ps.")
    private long pid;

    @Override
    public final Integer call() {
        check();
        PrintWriter out = spec.commandLine().getOut();
        try (Jvm jvm = Jvm.attach(pid)) {
            out.print(Printable.lines(ask(jvm)));
            out.flush();
            return 0;
        } catch (Refusal e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("curfew: " + Printable.of(e.getMessage(), 1_000));
            err.flush();
            return e.exitCode();
        }
    }

    /** Throws what {@link #usage} makes, if the options do not go together. */
    void check() {}

    /** What to print. */
    abstract String ask(Jvm jvm) throws Refusal;

    final Refusal noSuchId(String id) {
        return new Refusal(
                Refusal.NO_SUCH_ID,
                "process "
                        + pid
                        + " has no task, group or scope "
                        + id
                        + ", or it has ended; see: curfew tree "
                        + pid);
    }

    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
