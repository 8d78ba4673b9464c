package dev.curfew.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people type them: {@code 500ms}, {@code 2s}, {@code 1m30s}, {@code 2h}. */
final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");

    @Override
    public Duration convert(String text) {
        Matcher part = PART.matcher(text.trim().toLowerCase(Locale.ROOT));
        double seconds = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            seconds += Double.parseDouble(part.group(1)) * unit(part.group(2));
            end = part.end();
        }
        if (end == 0 || end != text.trim().length()) {
            throw new TypeConversionException(
                    "'" + text + "' is no duration; write it like 500ms, 2s, 1m30s or 2h");
        }
        if (seconds > Duration.ofDays(36_500).toSeconds()) {
            throw new TypeConversionException("'" + text + "' is longer than a hundred years");
        }
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static double unit(String unit) {
        return switch (unit) {
            case "ms" -> 0.001;
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            default -> 86_400;
        };
    }

    /** A duration as the table shows it. */
    static String text(Duration time) {
        double seconds = time.toNanos() / 1e9;
        return seconds < 60
                ? String.format(Locale.ROOT, "%.2f s", seconds)
                : time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
}
