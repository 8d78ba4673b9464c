package dev.curfew.cli.attach;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachineDescriptor;
import dev.curfew.CancelScope;
import dev.curfew.FailurePolicy;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.cli.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code curfew ps}. */
@Command(
        name = "ps",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the JVMs of this user that run Curfew.",
            "",
            "It attaches to each JVM to read its system properties; one that does not answer within"
                    + " some seconds is left out."
        })
public final class PsCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Spec private CommandSpec spec;

    private record Found(VirtualMachineDescriptor jvm, Properties properties) {}

    @Override
    public Integer call() throws InterruptedException {
        List<Found> found = ask(Jvm.all());
        PrintWriter out = spec.commandLine().getOut();
        if (found.isEmpty()) {
            spec.commandLine().getErr().println("curfew: no JVM of this user runs Curfew");
            return 0;
        }
        out.println("PID      MAIN");
        for (Found f : found) {
            boolean bean = f.properties.getProperty(Jvm.REGISTERED) != null;
            out.printf(
                    "%-8s %s%s%n",
                    f.jvm.id(),
                    main(f.jvm),
                    bean ? "" : "  (without curfew-management: cannot be asked)");
        }
        out.flush();
        return 0;
    }

    private static String main(VirtualMachineDescriptor jvm) {
        String name = jvm.displayName().split(" ", 2)[0];
        return Printable.of(name.isEmpty() ? "(unknown)" : name);
    }

    /** All at the same time: one that hangs holds up no other. */
    private static List<Found> ask(List<VirtualMachineDescriptor> jvms)
            throws InterruptedException {
        return TaskGroup.call(
                config ->
                        config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                .withThreadFactory(Thread.ofPlatform().factory()),
                group -> {
                    List<Task<Optional<Found>>> tasks = new ArrayList<>();
                    for (VirtualMachineDescriptor jvm : jvms) {
                        tasks.add(
                                group.fork(() ->
                                        CancelScope.withTimeoutOrEmpty(LIMIT, () -> properties(jvm))
                                                .filter(f ->
                                                        f.properties.containsKey(Jvm.LOADED))));
                    }
                    List<Found> found = new ArrayList<>();
                    for (Task<Optional<Found>> task : tasks) {
                        task.await().ifPresent(found::add);
                    }
                    return found;
                });
    }

    private static Found properties(VirtualMachineDescriptor jvm) {
        try {
            return new Found(jvm, Jvm.properties(jvm.id()));
        } catch (IOException | AttachNotSupportedException e) {
            return new Found(jvm, new Properties()); // it has gone, or does not want to
        }
    }
}
