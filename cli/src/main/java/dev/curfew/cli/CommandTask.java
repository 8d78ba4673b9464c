package dev.curfew.cli;

import dev.curfew.CancelReason;
import dev.curfew.CancelScope;
import dev.curfew.CancelledException;
import dev.curfew.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One command as a task: it ends when the command's own process has. Cancelled, it asks the process
 * to stop, gives it the grace, kills it, and waits for that.
 */
final class CommandTask {
    private final Run run;
    private final int index;
    private final String name;
    private final String command;

    private volatile long startedAt;
    private volatile long askedAt;
    private volatile long endedAt;
    private volatile Posix.@Nullable Exit exit;
    private volatile @Nullable CancelReason cancelledFor;
    private volatile @Nullable String problem;
    private final List<ProcTable.Entry> left = new ArrayList<>();

    CommandTask(Run run, int index, Plan.Line line) {
        this.run = run;
        this.index = index;
        this.name = line.name();
        this.command = line.command();
    }

    /** A command that ended with something else than zero. */
    static final class CommandFailed extends Exception {
        private static final long serialVersionUID = 1L;

        CommandFailed(String name, int code) {
            super(name + " ended with " + code);
        }
    }

    /** The run was cancelled before it was this command's turn. */
    void neverStarted(CancelReason reason) {
        cancelledFor = reason;
    }

    /** The task's body. */
    void run() throws CommandFailed, IOException, InterruptedException {
        try {
            CancelScope.checkpoint();
            await(start());
        } catch (CancelledException e) {
            cancelledFor = e.reason();
            throw e;
        } catch (IOException e) {
            problem = e.getMessage();
            run.failed(Run.NOT_STARTED);
            throw e;
        }
        Posix.Exit ended = exit;
        if (ended != null && ended.code() != 0) {
            run.failed(ended.code());
            throw new CommandFailed(name, ended.code());
        }
    }

    private int start() throws IOException {
        Posix.Pipe out = Posix.pipe();
        Posix.Pipe err = Posix.pipe();
        Path directory = run.plan().directory();
        try {
            startedAt = System.nanoTime();
            int pid =
                    Posix.spawn(
                            List.of(run.plan().shell(), "-c", command),
                            environment(),
                            directory == null ? null : directory.toString(),
                            out.writeEnd(),
                            err.writeEnd());
            run.copy(out.readEnd(), index, name, false);
            run.copy(err.readEnd(), index, name, true);
            return pid;
        } catch (IOException e) {
            Posix.close(out.readEnd());
            Posix.close(err.readEnd());
            throw e;
        } finally {
            Posix.close(out.writeEnd());
            Posix.close(err.writeEnd());
        }
    }

    private List<String> environment() {
        List<String> variables = new ArrayList<>();
        run.plan().environment().forEach((name, value) -> variables.add(name + "=" + value));
        variables.add(ProcTable.MARK + "=" + run.mark() + ":" + index);
        return variables;
    }

    private void await(int pid) throws InterruptedException {
        Task<Posix.Exit> waiter = run.awaitExit(pid, name);
        try {
            exit = waiter.await();
        } catch (InterruptedException e) {
            askedAt = System.nanoTime();
            run.asked();
            exit = CancelScope.shield(() -> stop(pid, waiter));
            throw e;
        } finally {
            endedAt = System.nanoTime();
        }
    }

    private Posix.Exit stop(int pid, Task<Posix.Exit> waiter) throws InterruptedException {
        signal(pid, Posix.SIGTERM);
        signal(pid, Posix.SIGCONT);
        if (!run.withinGrace(() -> waiter.join())) {
            signal(pid, Posix.SIGKILL);
        }
        return waiter.await();
    }

    /** Its process group, and what has left the group but still bears the command's mark. */
    private void signal(int pid, int signal) {
        Posix.kill(-pid, signal);
        for (ProcTable.Entry e : ProcTable.descendants()) {
            if (e.pid() != pid && ProcTable.commandOf(e, run.mark()).orElse(-1) == index) {
                Posix.kill(e.pid(), signal);
            }
        }
    }

    // ---- for the table and the document ------------------------------------------------------

    /** A process that it left running was found at the end. */
    void hasLeft(ProcTable.Entry process) {
        left.add(process);
    }

    String name() {
        return name;
    }

    String command() {
        return command;
    }

    String outcome() {
        if (cancelledFor != null) {
            return startedAt == 0 ? "not started" : "cancelled";
        }
        if (problem != null) {
            return "no start";
        }
        Posix.Exit e = exit;
        return e == null ? "not started" : e.code() == 0 ? "ok" : "failed";
    }

    Posix.@Nullable Exit exit() {
        return exit;
    }

    String code() {
        Posix.Exit e = exit;
        return e == null ? "-" : Integer.toString(e.code());
    }

    /** From the start to the end of its own process. */
    @Nullable Long nanos() {
        return startedAt == 0 || endedAt == 0 ? null : endedAt - startedAt;
    }

    /** From the request to stop to the end. */
    @Nullable Long stoppingNanos() {
        return askedAt == 0 || endedAt == 0 ? null : endedAt - askedAt;
    }

    String duration() {
        return text(nanos());
    }

    String stopping() {
        return text(stoppingNanos());
    }

    private static String text(@Nullable Long nanos) {
        return nanos == null ? "-" : DurationConverter.text(Duration.ofNanos(nanos));
    }

    @Nullable CancelReason cancelledFor() {
        return cancelledFor;
    }

    /** Why it could not be started. */
    @Nullable String problem() {
        return problem;
    }

    /** Who asked it to stop, and why. */
    String why() {
        CancelReason r = cancelledFor;
        if (r == null) {
            return problem == null ? "" : problem;
        }
        return switch (r.kind()) {
            case TIMED_OUT -> "the timeout: " + r.message();
            case SIBLING_FAILED ->
                    r.cause().map(Throwable::getMessage).orElse(r.requestedBy() + " failed");
            default -> r.message();
        };
    }

    List<ProcTable.Entry> leftBehind() {
        return left;
    }

    String left() {
        return left.stream()
                .map(e -> e.command() + " (" + e.pid() + ")")
                .collect(Collectors.joining(", "));
    }
}
