package dev.curfew.internal.tree;

/** How a body was left, as far as it tells whether a cancellation may have been the cause. */
public enum Shape {
    /** It returned. */
    NOTHING,
    /** A signal is in what it threw: an interruption, or our own exception. */
    SIGNAL,
    /** A {@code SocketException}: a signal if an interrupt of ours was sent. */
    SOCKET,
    /** Another exception: a signal if a hook has acted. */
    EXCEPTION,
    /** An error, or the outcome of something that was waited for: never a signal. */
    FIRM
}
