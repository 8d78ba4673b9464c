package dev.curfew.cli;

import dev.curfew.Task;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Stops what the commands left running: background processes, grandchildren whose parents have
 * ended, daemons with a session of their own. As a subreaper we are the parent of every orphan
 * among them, so when we have no child any more nothing is left.
 */
final class Sweep {
    private static final Duration LEAST = Duration.ofMillis(200);
    private static final int ROUNDS = 50;

    private final Run run;
    private final long askedAt;

    /**
     * @param askedAt when commands were first asked to stop, and with them what had their mark;
     *     zero if none was
     */
    Sweep(Run run, long askedAt) {
        this.run = run;
        this.askedAt = askedAt;
    }

    void run() throws InterruptedException {
        List<ProcTable.Entry> left = ProcTable.descendants();
        note(left);
        signal(left, Posix.SIGTERM);
        signal(left, Posix.SIGCONT);
        Task<?> reaper = run.reap();
        if (left.isEmpty() || !run.within(patience(), () -> reaper.join())) {
            killAll(reaper);
        }
    }

    private void note(List<ProcTable.Entry> left) {
        for (ProcTable.Entry e : left) {
            int command = ProcTable.commandOf(e, run.mark()).orElse(-1);
            if (command >= 0 && command < run.commands().size()) {
                run.commands().get(command).hasLeft(e);
            }
        }
    }

    private Duration patience() {
        if (askedAt == 0) {
            return run.plan().grace();
        }
        Duration rest = run.plan().grace().minusNanos(System.nanoTime() - askedAt);
        return rest.compareTo(LEAST) < 0 ? LEAST : rest;
    }

    /** Stops all before it kills any: what forks faster than it is killed cannot run ahead. */
    private void killAll(Task<?> reaper) throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            Set<Integer> frozen = new HashSet<>();
            List<ProcTable.Entry> left = ProcTable.descendants();
            while (left.stream().anyMatch(e -> !frozen.contains(e.pid()))) {
                for (ProcTable.Entry e : left) {
                    if (frozen.add(e.pid())) {
                        Posix.kill(e.pid(), Posix.SIGSTOP);
                    }
                }
                left = ProcTable.descendants();
            }
            signal(left, Posix.SIGKILL);
            if (reaper.joinWithin(Duration.ofMillis(100)).isPresent()) {
                return;
            }
        }
        for (ProcTable.Entry e : ProcTable.descendants()) {
            System.err.println(
                    "curfew: "
                            + Printable.of(e.command())
                            + " ("
                            + e.pid()
                            + ") does not end although it was killed");
        }
    }

    private static void signal(List<ProcTable.Entry> processes, int signal) {
        for (ProcTable.Entry e : processes) {
            Posix.kill(e.pid(), signal);
        }
    }
}
