package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The process-wide services of a kind. One that can't be had is reported and left out. */
final class Services {
    private Services() {}

    static <S> List<S> load(Class<S> type) {
        List<S> found = new ArrayList<>();
        Iterator<S> services = null;
        for (int broken = 0; broken < 100; broken++) {
            try {
                services = services == null ? open(type) : services;
                while (services.hasNext()) {
                    found.add(services.next());
                }
                break;
            } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
                Reports.report(
                        Report.SERVICE_FAILED,
                        "a service of the kind " + type.getName() + " could not be loaded",
                        e);
                if (services == null) {
                    break;
                }
            }
        }
        return List.copyOf(found);
    }

    private static <S> Iterator<S> open(Class<S> type) {
        return ServiceLoader.load(type, type.getClassLoader()).iterator();
    }
}
