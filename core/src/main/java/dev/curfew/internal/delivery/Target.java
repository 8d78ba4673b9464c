package dev.curfew.internal.delivery;

/** Whom a {@link Batch} sends an interrupt. */
public interface Target {
    /**
     * Sends it, if it is still wanted. May block.
     *
     * @param nanos the time, in {@link System#nanoTime} terms, as well as it is known
     */
    void send(long nanos);
}
