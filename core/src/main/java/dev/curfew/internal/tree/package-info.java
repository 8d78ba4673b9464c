/**
 * The tree of groups, tasks and scopes: who is cancelled, by what, and who owns a signal.
 *
 * <p>Only the tree decides that. It knows nothing of threads' interrupt statuses; it tells {@code
 * delivery} that a thread's marks have changed, and asks it what has become of a signal. No foreign
 * code runs under its locks.
 */
@NullMarked
package dev.curfew.internal.tree;

import org.jspecify.annotations.NullMarked;
