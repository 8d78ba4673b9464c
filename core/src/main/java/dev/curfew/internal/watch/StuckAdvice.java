package dev.curfew.internal.watch;

import java.util.Locale;

/**
 * Why a call does not react to an interrupt, and what to do about it, in one line. {@code
 * StuckSamples} has code for each that the build compiles, and {@code docs/warnings.md} shows it.
 */
public enum StuckAdvice {
    JOIN("it waits in join(), which no interrupt ends. Wait by get(), which reacts"),

    EXECUTOR_CLOSE(
            "it waits in the close() of an executor, which on an interrupt calls shutdownNow() and"
                    + " goes on waiting for the executor's tasks. Those have to stop; or call"
                    + " shutdown() and awaitTermination(), which reacts"),

    SEMAPHORE(
            "it waits in Semaphore.acquireUninterruptibly(), which no interrupt ends. Use"
                    + " acquire()"),

    PHASER("it waits in a Phaser, which no interrupt ends. Use awaitAdvanceInterruptibly()"),

    CONDITION("it waits in Condition.awaitUninterruptibly(), which no interrupt ends. Use await()"),

    LOCK(
            "it waits for a lock in a way that no interrupt ends. Take the lock by"
                    + " lockInterruptibly()"),

    STAMPED_LOCK(
            "it waits for a StampedLock in a way that no interrupt ends. Use"
                    + " readLockInterruptibly() or writeLockInterruptibly()"),

    MONITOR(
            "it waits to enter a synchronized method or block, which no interrupt ends. Whoever"
                    + " holds the monitor has to leave it; a ReentrantLock taken by"
                    + " lockInterruptibly() reacts"),

    STREAM(
            "it reads or writes a file, a pipe, System.in or a stream of a process, which no"
                    + " interrupt ends. Make the other side end it: for a process"
                    + " CancelScope.onCancel(process::destroy, ...); for System.in a daemon thread"
                    + " that hands lines to a queue"),

    FILE_CHANNEL(
            "it is in a FileChannel on a virtual thread, where an interrupt waits until the call"
                    + " has ended. Fork this task on a platform thread:"
                    + " Config.withThreadFactory(Thread.ofPlatform().factory())"),

    SOCKET(
            "it is in a socket call on a platform thread, which no interrupt ends. Run it in"
                    + " CancelScope.onCancel(socket::close, ...), or on a virtual thread"),

    HOST_LOOKUP(
            "it looks up a host's name or address, which no interrupt ends; the resolver's own"
                    + " timeout does. To stop waiting for it, look it up in a task of a"
                    + " ServiceGroup and join that"),

    JDBC(
            "it waits in a JDBC driver, which an interrupt does not end or makes drop the"
                    + " connection. Run the statement in CancelScope.onCancel(statement::cancel,"
                    + " ...)"),

    NATIVE(
            "it is in native code, which no interrupt ends. Run the call in"
                    + " CancelScope.onCancel(..., ...) with a hook that makes it return"),

    BUSY("it computes, and looks for no cancellation. Call CancelScope.checkpoint() in its loop"),

    SWALLOWED(
            "it was told to stop, and waits again in a call that reacts: it cleans up, or it has"
                    + " caught the InterruptedException and gone on. Let that exception through, or"
                    + " leave the loop"),

    NO_CARRIER(
            "it could run, but no carrier thread runs it: other virtual threads hold all of them,"
                    + " as file and process I/O, native code and long computations do. Fork such"
                    + " tasks on platform threads:"
                    + " Config.withThreadFactory(Thread.ofPlatform().factory())");

    private final String text;

    StuckAdvice(String text) {
        this.text = text;
    }

    /** One line. */
    public String text() {
        return text;
    }

    /** Whether the call does not end for an interrupt, as opposed to code that goes on. */
    public boolean deaf() {
        return this != BUSY && this != NO_CARRIER && this != SWALLOWED;
    }

    /** How documentation and JSON name it: {@code file-channel}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
