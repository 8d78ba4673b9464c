package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.report.Settings;
import dev.curfew.spi.Extension;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Starts what was added to the library, once, beside the program. */
final class Extensions implements Runnable {
    /** By this system property other programs see that the library is in use here. */
    private static final String LOADED = "dev.curfew.loaded";

    private Extensions() {}

    /** Never throws. */
    static void start() {
        try {
            Thread.ofPlatform()
                    .daemon()
                    .name("curfew-extensions")
                    .inheritInheritableThreadLocals(false)
                    .start(new Extensions());
        } catch (OutOfMemoryError noThread) {
            // The program goes on without them.
        }
    }

    @Override
    public void run() {
        System.setProperty(LOADED, "true");
        Settings.check();
        if ("off".equals(System.getProperty("dev.curfew.extensions"))) {
            return;
        }
        Iterator<Extension> found =
                ServiceLoader.load(Extension.class, Extensions.class.getClassLoader()).iterator();
        while (startNext(found)) {}
    }

    private static boolean startNext(Iterator<Extension> found) {
        String name = "an extension";
        try {
            if (!found.hasNext()) {
                return false;
            }
            Extension next = found.next();
            name = next.getClass().getName();
            next.start();
        } catch (ServiceConfigurationError | Exception | LinkageError e) {
            Reports.report(Report.EXTENSION_FAILED, name + " could not be started", e);
        }
        return true;
    }
}
