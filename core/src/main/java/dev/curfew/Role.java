package dev.curfew;

/** What a task is to its group. */
enum Role {
    ORDINARY,

    /** Its failure fails nobody: whoever awaits it decides. */
    ISOLATED,

    /** Serves the others, and is stopped when they have ended. */
    BACKGROUND
}
