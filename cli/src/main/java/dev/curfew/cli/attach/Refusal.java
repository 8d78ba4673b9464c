package dev.curfew.cli.attach;

import java.io.Serial;

/** Why a JVM could not be asked, for people to read, and the exit code that says so. */
final class Refusal extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** The process is not there, or has gone meanwhile. */
    static final int GONE = 3;

    /** It cannot be attached to. */
    static final int NOT_ATTACHABLE = 4;

    /** It does not use the library. */
    static final int NO_CURFEW = 5;

    /** It uses the library, without the management module. */
    static final int NO_MODULE = 6;

    /** It has no task, group or scope with this id. */
    static final int NO_SUCH_ID = 7;

    /** It does not let itself be cancelled from outside. */
    static final int CANCEL_OFF = 8;

    private final int exitCode;

    Refusal(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
