package dev.curfew;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The wait could never have ended: a task was to wait for itself, or for one that waits for it. A
 * mistake in the program, found before anything was requested and before anybody hangs.
 */
public final class WaitCycleException extends IllegalStateException {
    @Serial private static final long serialVersionUID = 1L;

    private final String[] cycle;

    /**
     * @param cycle each waiter once; every one waits for the next, the last for the first
     */
    WaitCycleException(List<String> cycle) {
        super(message(cycle));
        this.cycle = cycle.toArray(String[]::new);
    }

    private static String message(List<String> cycle) {
        String names = cycle.stream().map(Text::harmless).collect(Collectors.joining(" -> "));
        return "this wait could never end: "
                + names
                + " -> "
                + Text.harmless(cycle.getFirst())
                + "; cancel() does not wait, or let a task outside the cycle do the waiting";
    }

    /**
     * Who waits for whom: the task that called first, then the one that it would have waited for,
     * and so on; the last waits for the first.
     *
     * @return an immutable list of names, of one name if a task waits for itself
     */
    public List<String> cycle() {
        return List.of(cycle);
    }
}
