package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * The body of a block: code that forks tasks into a group and ends with a value. It runs on the
 * thread that opened the block, never on another one, so that transactions, locks and thread-locals
 * stay valid.
 *
 * @param <T> the value's type
 * @param <X> the body's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see TaskGroup#call(Block)
 */
@FunctionalInterface
public interface Block<T extends @Nullable Object, X extends Exception> {
    /**
     * Runs the body.
     *
     * @param group the block's group; it takes tasks from any thread until the block has ended
     * @return the block's value
     * @throws X what the body wants its caller to see; it leaves the block as itself, after every
     *     task has been cancelled and has ended
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    T run(TaskGroup group) throws X, InterruptedException;
}
