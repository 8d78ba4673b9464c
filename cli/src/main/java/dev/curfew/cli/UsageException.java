package dev.curfew.cli;

/** Something that the user gave cannot be used; the message says what to do, in one line. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
