package dev.curfew;

import java.time.Duration;
import java.util.Locale;

/** Makes text from outside fit for one line of a message or a log. */
final class Text {
    private static final int LIMIT = 400;
    private static final char REPLACEMENT = '\uFFFD';

    private Text() {}

    /**
     * The text without characters that could break a line, end a terminal's good behaviour or
     * reorder what follows, and at most {@value #LIMIT} characters of it.
     */
    static String harmless(String text) {
        int length = Math.min(text.length(), LIMIT);
        if (length < text.length() && Character.isHighSurrogate(text.charAt(length - 1))) {
            length--;
        }
        StringBuilder cleaned = null;
        for (int i = 0; i < length; ) {
            int c = text.codePointAt(i);
            if (isHarmful(c)) {
                if (cleaned == null) {
                    cleaned = new StringBuilder(length).append(text, 0, i);
                }
                cleaned.append(REPLACEMENT);
            } else if (cleaned != null) {
                cleaned.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        String shown = cleaned != null ? cleaned.toString() : text.substring(0, length);
        return length < text.length() ? shown + "…" : shown;
    }

    private static boolean isHarmful(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            default -> false;
        };
    }

    /** One line for a throwable, even if its own methods throw. */
    static String describe(Throwable problem) {
        String name = problem.getClass().getName();
        try {
            String message = problem.getLocalizedMessage();
            return message == null ? name : name + ": " + harmless(message);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            return name;
        }
    }

    /** How messages name a task. */
    static String nameOf(Task<?> task) {
        return "task " + harmless(task.name());
    }

    /** A thread's name, or its number if it has none. */
    static String nameOf(Thread thread) {
        String name = thread.getName();
        return name.isEmpty() ? "#" + thread.threadId() : name;
    }

    /** A duration as people write it: {@code 1.5 s}, {@code 20 ms}, {@code 2 min 3 s}. */
    static String of(Duration time) {
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
