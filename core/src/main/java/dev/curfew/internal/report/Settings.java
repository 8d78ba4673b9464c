package dev.curfew.internal.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The system properties that set the library up. A value that none of them has means the default;
 * that is said once, since whoever has mistyped one looks for its effect in vain.
 */
public final class Settings {
    private static final String WARN = "dev.curfew.warn.";

    private static final List<String> LEVELS = List.of("sampled", "full", "off");
    private static final List<String> SWITCH = List.of("on", "off");

    private static final Map<String, List<String>> ALL =
            Map.of(
                    "dev.curfew.forks", LEVELS,
                    "dev.curfew.sites", LEVELS,
                    "dev.curfew.extensions", SWITCH,
                    "dev.curfew.management.cancel", SWITCH);

    private Settings() {}

    /** Reports each that is set to something that it cannot be. */
    public static void check() {
        problems(System.getProperties())
                .forEach(problem -> Reports.report(Report.SETTING_UNKNOWN, problem));
    }

    static List<String> problems(Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(WARN) || ALL.containsKey(name))
                .sorted()
                .map(name -> problem(name, properties.getProperty(name, "")))
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    private static String problem(String name, String value) {
        if (name.startsWith(WARN) && !isWarning(name.substring(WARN.length()))) {
            return "-D"
                    + Harmless.of(name)
                    + " has no effect: no warning has this id; there are "
                    + Arrays.stream(Report.values())
                            .map(Report::key)
                            .collect(Collectors.joining(", "));
        }
        List<String> values = ALL.getOrDefault(name, SWITCH);
        if (values.contains(value)) {
            return "";
        }
        return "-D"
                + name
                + "="
                + Harmless.of(value)
                + " is not known; the values are "
                + String.join(", ", values);
    }

    private static boolean isWarning(String id) {
        return Arrays.stream(Report.values()).anyMatch(r -> r.key().equals(id));
    }
}
