package dev.curfew.internal.tree;

/** How a wait ended. */
public enum Wake {
    /** What was waited for has ended. */
    DONE,
    /** The limit was reached first. */
    TIMED_OUT,
    /** A cancellation was delivered; {@link Strand#delivered} has it. */
    CANCELLED,
    /** Somebody else interrupted the thread. */
    INTERRUPTED,
    /** The wait would never have ended; {@link Strand#cycle} names its members. */
    CYCLE
}
