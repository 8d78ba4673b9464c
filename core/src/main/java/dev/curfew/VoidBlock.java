package dev.curfew;

/**
 * The body of a block that has no value. Like {@link Block} in everything else.
 *
 * @param <X> the body's own checked exception, inferred; {@link RuntimeException} if it has none
 * @see TaskGroup#run(VoidBlock)
 */
@FunctionalInterface
public interface VoidBlock<X extends Exception> {
    /**
     * Runs the body.
     *
     * @param group the block's group; it takes tasks from any thread until the block has ended
     * @throws X what the body wants its caller to see; it leaves the block as itself, after every
     *     task has been cancelled and has ended
     * @throws InterruptedException if the code is being cancelled; let it leave
     */
    void run(TaskGroup group) throws X, InterruptedException;
}
