/**
 * Concurrent tasks that can be cancelled and awaited.
 *
 * <p>Start with {@link dev.curfew.TaskGroup}: every {@link dev.curfew.Task} belongs to a group, and
 * no group ends before its tasks have. {@link dev.curfew.CancelScope} cancels stretches of plain
 * code, by hand or by a {@link dev.curfew.Deadline}. {@link dev.curfew.ServiceGroup} is the group
 * that lives in a field. {@link dev.curfew.Tasks} has what is done with several tasks together.
 *
 * <p>Here lives what users call, are handed or implement, and the small classes behind the sealed
 * types. What belongs to no user's sight (who is cancelled and why, how a thread is told, timers,
 * reports) lives in {@code dev.curfew.internal}, which the module does not export.
 *
 * <p>Everything is non-null unless it says otherwise.
 */
@NullMarked
package dev.curfew;

import org.jspecify.annotations.NullMarked;
