package dev.curfew;

/**
 * Releases a value that nobody will use: {@code Socket::close}.
 *
 * @param <T> the value's type
 * @see Tasks#race(java.util.Collection, Disposer)
 */
@FunctionalInterface
public interface Disposer<T> {
    /**
     * Releases the value.
     *
     * @param value never null
     * @throws Exception if that failed; it is kept, and does not stop anything else
     */
    void dispose(T value) throws Exception;
}
