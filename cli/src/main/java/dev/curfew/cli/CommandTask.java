package dev.curfew.cli;

import dev.curfew.CancelReason;
import dev.curfew.CancelScope;
import dev.curfew.CancelledException;
import dev.curfew.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final List<String> left = new ArrayList<>();

    CommandTask(Run run, int index, String name, String command) {
        this.run = run;
        this.index = index;
        this.name = name;
        this.command = command;
    }

    /** A command that ended with something else than zero. */
    static final class CommandFailed extends Exception {
        private static final long serialVersionUID = 1L;

        final int code;

        CommandFailed(String name, int code) {
            super(name + " ended with " + code);
            this.code = code;
        }
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
            throw e;
        }
        Posix.Exit ended = exit;
        if (ended != null && ended.code() != 0) {
            throw new CommandFailed(name, ended.code());
        }
    }

    private int start() throws IOException {
        Posix.Pipe out = Posix.pipe();
        Posix.Pipe err = Posix.pipe();
        try {
            startedAt = System.nanoTime();
            int pid =
                    Posix.spawn(
                            List.of("/bin/sh", "-c", command),
                            environment(),
                            out.writeEnd(),
                            err.writeEnd());
            run.copy(out.readEnd(), name, false);
            run.copy(err.readEnd(), name, true);
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
        for (Map.Entry<String, String> e : System.getenv().entrySet()) {
            if (!e.getKey().equals(ProcTable.MARK)) {
                variables.add(e.getKey() + "=" + e.getValue());
            }
        }
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

    // ---- for the table -----------------------------------------------------------------------

    /** A process that it left running was found at the end. */
    void hasLeft(String process) {
        left.add(process);
    }

    String name() {
        return name;
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

    String code() {
        Posix.Exit e = exit;
        return e == null ? "-" : Integer.toString(e.code());
    }

    String duration() {
        return startedAt == 0 || endedAt == 0
                ? "-"
                : DurationConverter.text(Duration.ofNanos(endedAt - startedAt));
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

    /** From the request to the end. */
    String stopping() {
        return askedAt == 0 || endedAt == 0
                ? "-"
                : DurationConverter.text(Duration.ofNanos(endedAt - askedAt));
    }

    String left() {
        return String.join(", ", left);
    }
}
