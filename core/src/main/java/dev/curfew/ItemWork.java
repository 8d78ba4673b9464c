package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Code that makes a value of each of several items, as tasks.
 *
 * @param <I> the items' type
 * @param <T> the value's type
 * @see Tasks#map(Iterable, ItemWork)
 */
@FunctionalInterface
public interface ItemWork<I extends @Nullable Object, T extends @Nullable Object> {
    /**
     * Does the work for one item, in a task of its own.
     *
     * @param item the item
     * @return its value
     * @throws Exception what the task fails with; let {@link InterruptedException} leave
     */
    T run(I item) throws Exception;
}
