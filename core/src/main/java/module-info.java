/** Concurrent tasks that can be cancelled and awaited. */
@SuppressWarnings("module") // of those that it exports to, none is there when it is compiled
module dev.curfew {
    requires static transitive org.jspecify;

    exports dev.curfew;
    exports dev.curfew.inspect;
    exports dev.curfew.spi;
    exports dev.curfew.internal.watch to
            dev.curfew.management;

    uses dev.curfew.ContextCarrier;
    uses dev.curfew.TaskListener;
    uses dev.curfew.spi.Extension;
}
