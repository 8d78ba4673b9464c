/**
 * Deadlines on the monotonic clock, the timer that acts on them, and the pause between two attempts
 * to get memory.
 *
 * <p>It knows nothing of tasks, scopes or cancellation, and depends on no other package of the
 * library. The timer's actions are the library's own, short and never blocking: no foreign code, no
 * report, no wait.
 */
@NullMarked
package dev.curfew.internal.time;

import org.jspecify.annotations.NullMarked;
