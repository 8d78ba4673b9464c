/** A management bean for the tasks of a program. To have it, put this module beside the library. */
module dev.curfew.management {
    requires transitive dev.curfew;
    requires transitive java.management;
    requires static org.jspecify;

    exports dev.curfew.management;

    provides dev.curfew.spi.Extension with
            dev.curfew.management.ManagementExtension;
}
