/** Concurrent tasks that can be cancelled and awaited. */
module dev.curfew {
    requires static transitive org.jspecify;

    exports dev.curfew;

    uses dev.curfew.ContextCarrier;
    uses dev.curfew.TaskListener;
}
