package dev.curfew.management;

/**
 * The tasks of this program, for consoles and the {@code curfew} command. It has operations only: a
 * console that reads all attributes every second costs nothing.
 *
 * <p>Texts are harmless to a terminal: control characters are replaced, and what is long is cut.
 */
public interface CurfewMXBean {
    /** The domain and key of the name it is registered under; more keys where that was taken. */
    String NAME = "dev.curfew:type=TaskTree";

    /**
     * The tree of groups, tasks and scopes.
     *
     * @param children how many children of one entry to show at most; at least 1
     * @return a line for each entry, as {@code dev.curfew.inspect.TaskTree.text}
     */
    String tree(int children);

    /**
     * The tree as JSON.
     *
     * @return one object; its schema is {@code docs/tree.schema.json}
     */
    String treeAsJson();

    /**
     * All that is known about one entry, and about what it waits for.
     *
     * @param id the entry's id, as the tree shows it
     * @return some lines; empty if there is no such entry
     */
    String why(String id);

    /**
     * What was asked to stop and has not ended.
     *
     * @return some lines for each; empty if there is nothing
     */
    String report();

    /**
     * Asks a task, a group or a scope to stop. Does not wait for that.
     *
     * @param id the id, as the tree shows it
     * @param why the request's message
     * @return false if there is nothing with this id that can be cancelled
     * @throws IllegalStateException if {@code -Ddev.curfew.management.cancel=off} is set
     */
    boolean cancel(String id, String why);

    /**
     * Whether {@link #cancel} is switched on.
     *
     * @return false if {@code -Ddev.curfew.management.cancel=off} is set
     */
    boolean isCancelAllowed();
}
