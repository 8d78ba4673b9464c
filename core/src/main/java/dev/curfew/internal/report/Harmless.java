package dev.curfew.internal.report;

/** Makes text from outside fit for one line of a message, a log or a terminal. */
public final class Harmless {
    private static final int LIMIT = 400;
    private static final char REPLACEMENT = '\uFFFD';

    private Harmless() {}

    /**
     * The text without characters that could break a line, end a terminal's good behaviour or
     * reorder what follows, and at most {@value #LIMIT} characters of it.
     */
    public static String of(String text) {
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

    /** One line for a throwable, even if its own methods throw. */
    public static String of(Throwable problem) {
        String name = of(problem.getClass().getName());
        try {
            String message = problem.getLocalizedMessage();
            return message == null ? name : name + ": " + of(message);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            return name;
        }
    }

    private static boolean isHarmful(int c) {
        if (c >= ' ' && c <= '~') {
            return false;
        }
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
}
