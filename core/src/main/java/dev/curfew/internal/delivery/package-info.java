/**
 * Who sends interrupts and runs hooks, and when: batches of targets, hooks, and the threads for
 * both.
 *
 * <p>It decides nothing about who is cancelled, for what reason or by whom, nor whether an
 * interrupt is still wanted; that is the tree's, which it does not know. Whatever may block here
 * ({@code interrupt()}, hooks) does so on the library's own platform daemon threads, or on that of
 * somebody who waits for the target anyway.
 */
@NullMarked
package dev.curfew.internal.delivery;

import org.jspecify.annotations.NullMarked;
