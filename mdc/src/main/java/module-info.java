/** Carries SLF4J's mapped diagnostic context from the forking thread to the tasks. */
module dev.curfew.mdc {
    requires static org.jspecify;
    requires transitive dev.curfew;
    requires org.slf4j;

    exports dev.curfew.mdc;

    provides dev.curfew.ContextCarrier with
            dev.curfew.mdc.MdcCarrier;
}
