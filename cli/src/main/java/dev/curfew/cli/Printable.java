package dev.curfew.cli;

/** Text from outside, made fit for one line of a terminal. */
final class Printable {
    private static final int LIMIT = 200;

    private Printable() {}

    static String of(String text) {
        return of(text, LIMIT);
    }

    /** Control characters are replaced, and what is longer than {@code limit} is cut. */
    static String of(String text, int limit) {
        StringBuilder shown = new StringBuilder();
        int[] points = text.codePoints().limit(limit + 1L).toArray();
        for (int i = 0; i < points.length && i < limit; i++) {
            int c = points[i];
            boolean harmless =
                    switch (Character.getType(c)) {
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR,
                                Character.SURROGATE ->
                                false;
                        default -> true;
                    };
            shown.appendCodePoint(harmless ? c : '\uFFFD');
        }
        return points.length > limit ? shown + "…" : shown.toString();
    }
}
