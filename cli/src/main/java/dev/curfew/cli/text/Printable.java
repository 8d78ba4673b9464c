package dev.curfew.cli.text;

/** Text from outside, made fit for one line of a terminal. */
public final class Printable {
    private static final int LIMIT = 200;

    private Printable() {}

    /** The same with a limit of {@value #LIMIT} characters. */
    public static String of(String text) {
        return of(text, LIMIT);
    }

    /** Control characters are replaced, and what is longer than {@code limit} is cut. */
    public static String of(String text, int limit) {
        StringBuilder shown = new StringBuilder();
        int[] points = text.codePoints().limit(limit + 1L).toArray();
        for (int i = 0; i < points.length && i < limit; i++) {
            int c = points[i];
            shown.appendCodePoint(isHarmless(c) ? c : '\uFFFD');
        }
        return points.length > limit ? shown + "…" : shown.toString();
    }

    /** Many lines: line feeds stay, other control characters are replaced, nothing is cut. */
    public static String lines(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> shown.appendCodePoint(c == '\n' || isHarmless(c) ? c : '\uFFFD'));
        return shown.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            default -> true;
        };
    }
}
