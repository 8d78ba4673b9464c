package dev.curfew;

import org.jspecify.annotations.Nullable;

/**
 * Like {@link ItemWork}, without a value.
 *
 * @param <I> the items' type
 * @see Tasks#forEach(Iterable, VoidItemWork)
 */
@FunctionalInterface
public interface VoidItemWork<I extends @Nullable Object> {
    /**
     * Does the work for one item, in a task of its own.
     *
     * @param item the item
     * @throws Exception what the task fails with; let {@link InterruptedException} leave
     */
    void run(I item) throws Exception;
}
