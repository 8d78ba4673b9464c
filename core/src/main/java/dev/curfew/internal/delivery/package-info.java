/**
 * How a thread is told that it is cancelled: woken from a wait of the library's, interrupted, or
 * its hook run.
 *
 * <p>The only package that touches interrupt statuses. It decides nothing about who is cancelled,
 * for what reason or by whom; that is the tree's, which it does not know. Whatever may block here
 * ({@code interrupt()}, hooks) does so on the library's own platform daemon threads.
 */
@NullMarked
package dev.curfew.internal.delivery;

import org.jspecify.annotations.NullMarked;
