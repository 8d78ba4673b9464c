package dev.curfew.cli;

import dev.curfew.CancelScope;
import dev.curfew.DeadlineExceededException;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import dev.curfew.VoidWork;
import dev.curfew.cli.text.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Commands as one task group, from their start to the end of everything that descends from them.
 *
 * <p>Each command is a task. Native calls that block (waiting for a process, reading a pipe) are
 * tasks of a service group on platform threads: cancelling the run must not touch them, and they
 * would hold the carriers of virtual threads.
 */
final class Run {
    private static final int TIMED_OUT = 124;
    private static final int NOT_STARTED = 127;
    private static final int SIGNALLED = 128;

    private final ServiceGroup natives =
            ServiceGroup.open(
                    "native",
                    config -> config.withThreadFactory(Thread.ofPlatform().daemon().factory()));
    private final String mark = ProcessHandle.current().pid() + "-" + System.nanoTime();
    private final List<CommandTask> commands = new ArrayList<>();
    private final Queue<Task<?>> copies = new ConcurrentLinkedQueue<>();
    private final Set<CancelScope> graces = ConcurrentHashMap.newKeySet();
    private final Duration grace;
    private final Output out;
    private final Output err;
    private final int width;

    private volatile @Nullable TaskGroup group;
    private volatile @Nullable CancelScope timeout;

    /** The first signal that stopped the run; zero if none did. */
    private volatile int signal;

    private volatile @Nullable String stopped;
    private volatile boolean hurry;
    private volatile long askedAt;

    Run(List<String> commands, List<String> names, Duration grace) {
        this.grace = grace;
        this.out = new Output(new FileOutputStream(FileDescriptor.out), this::outputClosed);
        this.err = new Output(new FileOutputStream(FileDescriptor.err), () -> {});
        for (int i = 0; i < commands.size(); i++) {
            this.commands.add(new CommandTask(this, i, names.get(i), commands.get(i)));
        }
        this.width = names.stream().mapToInt(String::length).max().orElse(0);
    }

    List<CommandTask> commands() {
        return commands;
    }

    /**
     * Runs them, and returns when nothing of them is left.
     *
     * @param limit the time for all; null for none
     * @return the exit code
     */
    int execute(@Nullable Duration limit) throws InterruptedException {
        Posix.becomeSubreaper();
        Signals.handle(this::signalled, "INT", "TERM", "HUP");
        int code = 0;
        try {
            if (limit == null) {
                group();
            } else {
                CancelScope.withTimeout(limit, this::timed);
            }
        } catch (TaskFailedException e) {
            code = e.getCause() instanceof CommandTask.CommandFailed f ? f.code : NOT_STARTED;
        } catch (DeadlineExceededException e) {
            code = signal == 0 ? TIMED_OUT : 0;
        }
        new Sweep(this, askedAt).run();
        awaitCopies();
        return code != 0 || signal == 0 ? code : SIGNALLED + signal;
    }

    private void timed() throws InterruptedException {
        timeout = CancelScope.current();
        group();
    }

    private void group() throws InterruptedException {
        TaskGroup.run(
                config -> config.withName("run").withPatience(grace.plusSeconds(10)),
                g -> {
                    group = g;
                    String why = stopped;
                    if (why != null) {
                        g.cancel(why);
                    }
                    for (CommandTask command : commands) {
                        g.fork(command.name(), command::run);
                    }
                });
    }

    // ---- being stopped -----------------------------------------------------------------------

    /** On the JVM's signal thread. The first one cancels, the next one takes the grace away. */
    private void signalled(int number) {
        if (stopped != null) {
            hurry = true;
            graces.forEach(scope -> scope.cancel("a second signal"));
            return;
        }
        CancelScope limit = timeout;
        if (limit == null || !limit.expired()) {
            signal = number;
        }
        stop(
                switch (number) {
                    case Posix.SIGINT -> "Ctrl-C (SIGINT)";
                    case Posix.SIGTERM -> "SIGTERM";
                    default -> "SIGHUP";
                });
    }

    private void outputClosed() {
        if (stopped == null) {
            signal = Posix.SIGPIPE;
            stop("nobody reads the output any more");
        }
    }

    private void stop(String why) {
        stopped = why;
        TaskGroup g = group;
        if (g != null) {
            g.cancel(why);
        }
    }

    /** A command has been asked to stop; the first such moment counts. */
    void asked() {
        if (askedAt == 0) {
            askedAt = System.nanoTime();
        }
    }

    /** False if the grace has passed, or a second signal has come, before the wait was over. */
    boolean withinGrace(VoidWork<RuntimeException> wait) throws InterruptedException {
        return within(grace, wait);
    }

    boolean within(Duration limit, VoidWork<RuntimeException> wait) throws InterruptedException {
        return CancelScope.<Boolean, RuntimeException>withTimeoutOrEmpty(
                        limit,
                        () -> {
                            CancelScope scope = CancelScope.current();
                            graces.add(scope);
                            try {
                                if (hurry) {
                                    scope.cancel("a second signal");
                                }
                                wait.run();
                                return true;
                            } finally {
                                graces.remove(scope);
                            }
                        })
                .isPresent();
    }

    Duration grace() {
        return grace;
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

    void copy(int fd, String name, boolean stderr) {
        String prefix = Printable.of(name) + " ".repeat(width - name.length()) + " | ";
        Task<?> task =
                natives.fork("output of " + name, () -> (stderr ? err : out).copy(fd, prefix));
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
