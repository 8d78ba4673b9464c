package dev.curfew.internal.report;

import java.time.Duration;
import java.util.Locale;

/** Durations, for people to read. */
public final class Times {
    private Times() {}

    /** A duration as people write it: {@code 1.5 s}, {@code 20 ms}, {@code 2 min 3 s}. */
    public static String of(Duration time) {
        long seconds = time.getSeconds();
        if (seconds >= 3600) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        if (seconds >= 60) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        double value = seconds >= 1 ? time.toNanos() / 1e9 : time.toNanos() / 1e6;
        String digits = String.format(Locale.ROOT, "%.3f", value).replaceAll("\\.?0+$", "");
        return digits + (seconds >= 1 ? " s" : " ms");
    }
}
