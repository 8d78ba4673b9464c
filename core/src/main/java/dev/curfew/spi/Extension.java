package dev.curfew.spi;

/**
 * Something that wants to be there in every program with tasks, such as a management bean. Found by
 * {@link java.util.ServiceLoader} with the class loader of the library, once, soon after the first
 * group of the program was opened; {@code -Ddev.curfew.extensions=off} switches that off.
 */
public interface Extension {
    /**
     * Starts it. Runs on a daemon thread of the library's, once; tasks do not wait for it.
     *
     * @throws Exception is reported, and otherwise of no consequence
     */
    void start() throws Exception;
}
