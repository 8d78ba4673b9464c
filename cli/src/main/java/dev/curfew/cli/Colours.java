package dev.curfew.cli;

/** Colours for one stream, or none. */
enum Colours {
    ON,
    OFF;

    /** What {@code --color} says. */
    enum When {
        auto,
        always,
        never
    }

    /** No black and no white, which cannot be read on every ground. */
    private static final int[] NAMES = {36, 35, 32, 34, 33, 96, 95, 92, 94, 93};

    private static final int RED = 31;
    private static final int GREEN = 32;
    private static final int YELLOW = 33;

    /** For the stream with this descriptor. https://no-color.org is respected. */
    static Colours of(When when, int fd) {
        return switch (when) {
            case always -> ON;
            case never -> OFF;
            case auto -> {
                String no = System.getenv("NO_COLOR");
                boolean wanted = no == null || no.isEmpty();
                yield wanted && !"dumb".equals(System.getenv("TERM")) && Posix.isTerminal(fd)
                        ? ON
                        : OFF;
            }
        };
    }

    /** The text in the colour of the command with this number. */
    String name(int index, String text) {
        return colour(NAMES[index % NAMES.length], text);
    }

    /** The text in the colour of this outcome. */
    String outcome(String outcome, String text) {
        return switch (outcome) {
            case "ok" -> colour(GREEN, text);
            case "failed", "no start" -> colour(RED, text);
            default -> colour(YELLOW, text);
        };
    }

    private String colour(int code, String text) {
        return this == OFF ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
