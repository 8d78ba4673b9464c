/**
 * The tree of groups, tasks and scopes: who is cancelled, by what, and who owns a signal.
 *
 * <p>Only the tree decides that. {@code Receiver} and {@code Taking} alone touch interrupt
 * statuses: the rest tells them that a thread's marks have changed, and asks them what has become
 * of a signal; {@code delivery} has the threads that send. No foreign code runs under its locks.
 */
@NullMarked
package dev.curfew.internal.tree;

import org.jspecify.annotations.NullMarked;
