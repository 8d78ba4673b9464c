package dev.curfew.inspect;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One line of the tree: a group, a task, a scope, or a thread that the library did not start.
 *
 * <p>Texts are harmless: control characters are replaced, and what is long is cut.
 *
 * @param kind what it is
 * @param id how to name it, see {@link TaskTree#entry}: the number of its thread for a task or a
 *     thread, that and a level for what is open on it ({@code 31.2}), {@code s} and a number for a
 *     service group
 * @param parent the id of what is around it; empty for a root
 * @param depth how many are around it
 * @param name the last part of its name; may be empty
 * @param state how far it has come
 * @param age since when it has been there, where that is known: of a task to some milliseconds, of
 *     a block since its first fork
 * @param left the time until its own deadline, zero if that has passed; empty if it has none
 * @param tasks how many tasks a group has; zero for what is none
 * @param cancellation the request to stop that is in force here; empty if there is none
 * @param shielded whether it holds cancellation back: it is a shield, or a task or thread in one
 * @param waiting where its thread is; only of tasks and threads, and not of more than the snapshot
 *     was to look at
 * @param awaitedBy who waits for it, some of them
 * @param origin where it was forked or opened, where that is known
 */
public record Entry(
        Kind kind,
        String id,
        Optional<String> parent,
        int depth,
        String name,
        State state,
        Optional<Duration> age,
        Optional<Duration> left,
        int tasks,
        Optional<Cancellation> cancellation,
        boolean shielded,
        Optional<Waiting> waiting,
        List<String> awaitedBy,
        Optional<StackTraceElement> origin) {

    /** What an entry is. */
    public enum Kind {
        /** A {@link dev.curfew.ServiceGroup}. */
        SERVICE_GROUP,
        /** The group of a block. */
        GROUP,
        /** A task. */
        TASK,
        /** A thread with open scopes that the library did not start. */
        THREAD,
        /** A scope. */
        SCOPE,
        /** A scope that holds outside cancellation back. */
        SHIELD,
        /** A scope with a cancel hook in place of the interrupt. */
        HOOK
    }

    /** How far an entry has come. */
    public enum State {
        /** Nobody has asked it to stop. */
        RUNNING,
        /** It was asked to stop, and its code has not been told yet, as far as is known. */
        CANCELLING,
        /** Its code was told to stop and has not ended: it cleans up, or does not care. */
        CLEANING_UP,
        /** Its body has ended: a block waits for its tasks, a task tells its listeners. */
        ENDING
    }

    /** Copies the list. */
    public Entry {
        awaitedBy = List.copyOf(awaitedBy);
    }
}
