package dev.curfew.cli;

import dev.curfew.CancelScope;
import dev.curfew.CancelledException;
import dev.curfew.DeadlineExceededException;
import dev.curfew.FailurePolicy;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import dev.curfew.VoidWork;
import dev.curfew.cli.text.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Commands as one task group, from their start to the end of everything that descends from them.
 *
 * <p>Each command is a task. Native calls that block (waiting for a process, reading a pipe) are
 * tasks of a service group on platform threads: cancelling the run must not touch them, and they
 * would hold the carriers of virtual threads.
 */
final class Run {
    private static final int TIMED_OUT = 124;
    static final int NOT_STARTED = 127;
    private static final int SIGNALLED = 128;

    private final ServiceGroup natives =
            ServiceGroup.open(
                    "native",
                    config -> config.withThreadFactory(Thread.ofPlatform().daemon().factory()));
    private final String mark = ProcessHandle.current().pid() + "-" + System.nanoTime();
    private final List<CommandTask> commands = new ArrayList<>();
    private final Queue<Task<?>> copies = new ConcurrentLinkedQueue<>();
    private final StopRequests requests = new StopRequests();
    private final AtomicInteger firstFailure = new AtomicInteger();
    private final Semaphore turns;
    private final Plan plan;
    private final Output out;
    private final Output err;
    private final int width;
    private final long beganAt = System.nanoTime();

    private volatile @Nullable CancelScope timeout;
    private volatile boolean timedOut;
    private volatile long askedAt;
    private volatile long endedAt;

    Run(Plan plan) {
        this.plan = plan;
        this.turns = new Semaphore(plan.limit());
        this.err = new Output(new FileOutputStream(FileDescriptor.err), () -> {});
        this.out =
                plan.json()
                        ? err
                        : new Output(new FileOutputStream(FileDescriptor.out), this::outputClosed);
        for (int i = 0; i < plan.commands().size(); i++) {
            this.commands.add(new CommandTask(this, i, plan.commands().get(i)));
        }
        this.width = commands.stream().mapToInt(c -> c.name().length()).max().orElse(0);
    }

    Plan plan() {
        return plan;
    }

    List<CommandTask> commands() {
        return commands;
    }

    /**
     * Runs them, and returns when nothing of them is left, also if it is cancelled.
     *
     * @return the exit code
     */
    int execute() throws InterruptedException {
        Posix.becomeSubreaper();
        Signals.handle(this::signalled, "INT", "TERM", "HUP");
        int broken = 0;
        try {
            Duration limit = plan.timeout();
            if (limit == null) {
                group();
            } else {
                CancelScope.withTimeout(limit, this::timed);
            }
        } catch (TaskFailedException e) {
            broken = unlessACommands(e.getCause());
        } catch (DeadlineExceededException e) {
            timedOut = requests.signal() == 0;
        } catch (CancelledException e) {
            // The JVM is being ended by something else than the signals above.
            timedOut =
                    !requests.askOnce(Posix.SIGTERM, "the JVM is ending") && requests.signal() == 0;
        }
        CancelScope.shield(() -> {
            new Sweep(this, askedAt).run();
            awaitCopies();
        });
        endedAt = System.nanoTime();
        if (firstFailure.get() != 0) {
            return firstFailure.get();
        }
        if (broken != 0) {
            return broken;
        }
        int signal = requests.signal();
        return timedOut ? TIMED_OUT : signal == 0 ? 0 : SIGNALLED + signal;
    }

    private void timed() throws InterruptedException {
        timeout = CancelScope.current();
        group();
    }

    private void group() throws InterruptedException {
        TaskGroup.run(
                config ->
                        config.withName("run")
                                .withPatience(plan.grace().plusSeconds(10))
                                .withFailurePolicy(
                                        plan.keepGoing()
                                                ? FailurePolicy.KEEP_GOING
                                                : FailurePolicy.CANCEL_GROUP)
                                .withFailureHandler((_, failure) -> unlessACommands(failure)),
                g -> {
                    requests.cancels(g);
                    fork(g);
                });
    }

    private void fork(TaskGroup g) throws InterruptedException {
        for (int i = 0; i < commands.size(); i++) {
            CommandTask command = commands.get(i);
            try {
                awaitTurn();
            } catch (CancelledException e) {
                commands.subList(i, commands.size()).forEach(c -> c.neverStarted(e.reason()));
                throw e;
            }
            g.fork(command.name(), () -> takeTurn(command));
        }
    }

    /** A failure that stops the run hands its turn to nobody: the next one must not start. */
    private void takeTurn(CommandTask command) throws Exception {
        boolean next = plan.keepGoing();
        try {
            command.run();
            next = true;
        } finally {
            if (next) {
                turns.release();
            }
        }
    }

    private void awaitTurn() throws InterruptedException {
        CancelScope.checkpoint();
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            CancelScope.checkpoint(); // knows why
            throw e;
        }
    }

    /** A command has failed; the first failure is the run's. */
    void failed(int code) {
        firstFailure.compareAndSet(0, code);
    }

    /** What a command's failure means is in its row; anything else is a defect. */
    private static int unlessACommands(Throwable failure) {
        if (failure instanceof CommandTask.CommandFailed || failure instanceof IOException) {
            return 0;
        }
        System.err.println("curfew: this is a defect: " + Printable.of(failure.toString()));
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** What stopped the commands that were not asked to stop one by one; null if nothing did. */
    @Nullable String stoppedBy() {
        if (firstFailure.get() != 0 && !plan.keepGoing()) {
            return "failure";
        }
        if (timedOut) {
            return "timeout";
        }
        return switch (requests.signal()) {
            case 0 -> null;
            case Posix.SIGINT -> "SIGINT";
            case Posix.SIGHUP -> "SIGHUP";
            case Posix.SIGPIPE -> "SIGPIPE";
            default -> "SIGTERM";
        };
    }

    /** From the start to the end of everything. */
    long nanos() {
        return endedAt - beganAt;
    }

    // ---- being stopped -----------------------------------------------------------------------

    private void signalled(int number) {
        String name =
                switch (number) {
                    case Posix.SIGINT -> "Ctrl-C (SIGINT)";
                    case Posix.SIGTERM -> "SIGTERM";
                    default -> "SIGHUP";
                };
        CancelScope limit = timeout;
        boolean late = limit != null && limit.expired();
        if (requests.ask(late ? 0 : number, name)) {
            System.err.println(
                    "curfew: "
                            + name
                            + ": waiting for the commands to end, at most "
                            + DurationConverter.text(plan.grace())
                            + "; once more kills them");
        }
    }

    private void outputClosed() {
        requests.askOnce(Posix.SIGPIPE, "nobody reads the output any more");
    }

    /** A command has been asked to stop; the first such moment counts. */
    void asked() {
        if (askedAt == 0) {
            askedAt = System.nanoTime();
        }
    }

    /** False if the grace has passed, or a second signal has come, before the wait was over. */
    boolean withinGrace(VoidWork<RuntimeException> wait) throws InterruptedException {
        return within(plan.grace(), wait);
    }

    boolean within(Duration limit, VoidWork<RuntimeException> wait) throws InterruptedException {
        return CancelScope.<Boolean, RuntimeException>withTimeoutOrEmpty(
                        limit,
                        () -> {
                            CancelScope scope = CancelScope.current();
                            requests.cutShort(scope);
                            try {
                                wait.run();
                                return true;
                            } finally {
                                requests.over(scope);
                            }
                        })
                .isPresent();
    }

    // ---- native calls ------------------------------------------------------------------------

    String mark() {
        return mark;
    }

    Task<Posix.Exit> awaitExit(int pid, String name) {
        return natives.fork("wait for " + name, () -> Posix.awaitExit(pid));
    }

    /** Ends when there is no child any more. */
    Task<?> reap() {
        return natives.fork(
                "reap",
                () -> {
                    boolean more = true;
                    while (more) {
                        more = Posix.reapAny().isPresent();
                    }
                });
    }

    void copy(int fd, int index, String name, boolean stderr) {
        Output target = stderr ? err : out;
        String prefix =
                (target == err ? plan.err() : plan.out())
                        .name(
                                index,
                                Printable.of(name) + " ".repeat(width - name.length()) + " | ");
        Task<?> task = natives.fork("output of " + name, () -> target.copy(fd, prefix));
        copies.add(task);
    }

    /** Everything that could write has ended; unless a pipe was handed to a stranger. */
    private void awaitCopies() throws InterruptedException {
        for (Task<?> copy : copies) {
            if (copy.joinWithin(Duration.ofSeconds(2)).isEmpty()) {
                System.err.println(
                        "curfew: somebody outside the run holds a command's output open;"
                                + " what is still written there is lost");
                return;
            }
        }
    }
}
