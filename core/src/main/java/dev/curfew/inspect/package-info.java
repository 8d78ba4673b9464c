/**
 * Looking at a running program: the {@linkplain dev.curfew.inspect.TaskTree tree} of its groups,
 * tasks and scopes.
 */
@NullMarked
package dev.curfew.inspect;

import org.jspecify.annotations.NullMarked;
