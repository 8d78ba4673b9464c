package dev.curfew.management;

import dev.curfew.inspect.TaskTree;

/** The bean. */
final class Bean implements CurfewMXBean {
    /** Switches {@link #cancel} off, as does a value that it does not have. */
    private static final String CANCEL = "dev.curfew.management.cancel";

    private final boolean cancelAllowed = "on".equals(System.getProperty(CANCEL, "on"));

    @Override
    public String tree(int children) {
        return TaskTree.snapshot().text(children);
    }

    @Override
    public String treeAsJson() {
        return TaskTree.snapshot().json();
    }

    @Override
    public String why(String id) {
        return TaskTree.snapshot().why(id).orElse("");
    }

    @Override
    public String report() {
        return TaskTree.snapshot().report();
    }

    @Override
    public boolean cancel(String id, String why) {
        if (!cancelAllowed) {
            throw new IllegalStateException(
                    "cancelling from outside is switched off in this program: -D"
                            + CANCEL
                            + "=off");
        }
        return TaskTree.cancel(id, why);
    }

    @Override
    public boolean isCancelAllowed() {
        return cancelAllowed;
    }
}
