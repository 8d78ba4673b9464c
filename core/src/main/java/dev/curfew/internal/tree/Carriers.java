package dev.curfew.internal.tree;

/** How many virtual threads run at the same time. */
final class Carriers {
    /** One at a time: nobody contends. */
    static final boolean ONE =
            Integer.getInteger(
                            "jdk.virtualThreadScheduler.parallelism",
                            Runtime.getRuntime().availableProcessors())
                    == 1;

    private Carriers() {}
}
