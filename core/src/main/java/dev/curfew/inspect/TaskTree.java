package dev.curfew.inspect;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The groups, tasks and scopes of this JVM as they were a moment ago.
 *
 * {@snippet file="dev/curfew/samples/InspectSamples.java" region="tree"}
 *
 * <p>A snapshot is weakly consistent: it is read while everything goes on, from links that the
 * library keeps anyway, and stops nobody. What began or ended meanwhile may be missing, and a task
 * may be shown a moment older than its group. Any thread may take one. Immutable.
 */
public final class TaskTree {
    /** So many threads' stacks {@link #snapshot()} looks at. */
    public static final int STACKS = 1_000;

    /** So many children of one entry {@link #text()} shows. */
    public static final int CHILDREN = 100;

    private final Instant taken;
    private final List<Entry> entries;

    TaskTree(Instant taken, List<Entry> entries) {
        this.taken = taken;
        this.entries = List.copyOf(entries);
    }

    /**
     * Looks at everything, and at the stacks of {@value #STACKS} threads.
     *
     * @return the tree as it was
     */
    public static TaskTree snapshot() {
        return snapshot(STACKS);
    }

    /**
     * Looks at everything.
     *
     * @param stacks how many threads' stacks to look at, those that were asked to stop first; each
     *     costs some microseconds, and more for a deep one
     * @return the tree as it was
     * @throws IllegalArgumentException if the number is negative
     */
    public static TaskTree snapshot(int stacks) {
        if (stacks < 0) {
            throw new IllegalArgumentException(
                    "the number of stacks to look at must be zero or more, not " + stacks);
        }
        return new Collector(stacks).collect();
    }

    /**
     * Asks the live task, group or scope with the given id to stop, as {@code cancel} on it would.
     * Never blocks.
     *
     * @param id as in {@link Entry#id}
     * @param why the request's message
     * @return false if there is none with this id, it has ended, or it is a thread that the library
     *     did not start
     */
    public static boolean cancel(String id, String why) {
        return Target.cancel(Objects.requireNonNull(id, "id"), Objects.requireNonNull(why, "why"));
    }

    /**
     * When it was taken.
     *
     * @return the time by the system's clock
     */
    public Instant taken() {
        return taken;
    }

    /**
     * All of it, what is around before what is inside.
     *
     * @return an immutable list
     */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * The entry with an id. Ids are not used again while the JVM runs, but those of scopes, which
     * name a level of a thread, are.
     *
     * @param id as in {@link Entry#id}
     * @return the entry, if there is one
     */
    public Optional<Entry> entry(String id) {
        Objects.requireNonNull(id, "id");
        return entries.stream().filter(e -> e.id().equals(id)).findFirst();
    }

    /**
     * How many tasks and groups there are, and when the first deadline is.
     *
     * @return counts of {@link #entries}
     */
    public Statistics statistics() {
        return Statistics.of(entries);
    }

    /**
     * A tree for people to read, a line for each entry; of many children of one entry the first
     * {@value #CHILDREN} are shown, those that were asked to stop before the others.
     *
     * @return lines, each ended by a line feed; empty if there is nothing
     */
    public String text() {
        return text(CHILDREN);
    }

    /**
     * A tree for people to read.
     *
     * @param children how many children of one entry to show at most; the rest is counted
     * @return lines, each ended by a line feed; empty if there is nothing
     */
    public String text(int children) {
        return new TreeText(entries, children).toString();
    }

    /**
     * The tree as JSON; its schema is {@code docs/tree.schema.json}.
     *
     * @return one object, in ASCII
     */
    public String json() {
        return TreeJson.of(this);
    }

    /**
     * All that is known about one entry, and about what it waits for, step by step.
     *
     * @param id as in {@link Entry#id}
     * @return some lines, each ended by a line feed; empty if there is no such entry
     */
    public Optional<String> why(String id) {
        return entry(id).map(e -> Why.of(this, e));
    }

    /**
     * What was asked to stop and keeps others waiting, each as in {@link #why}; who only waits for
     * tasks of its own is not named, but those tasks are.
     *
     * @return some lines, each ended by a line feed; empty if nothing is left
     */
    public String report() {
        return Why.report(this);
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "TaskTree[" + taken + ", " + entries.size() + " entries]";
    }
}
