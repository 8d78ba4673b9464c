/**
 * Names what will not stop: who it is, since when and why it was asked, where it is now, and what
 * to do about it.
 *
 * <p>It reads the tree and changes nothing in it; nothing in the tree or in delivery depends on it.
 */
@NullMarked
package dev.curfew.internal.watch;

import org.jspecify.annotations.NullMarked;
