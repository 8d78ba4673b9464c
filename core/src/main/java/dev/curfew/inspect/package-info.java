/**
 * Looking at a running program: the {@linkplain dev.curfew.inspect.TaskTree tree} of its groups,
 * tasks and scopes, and its {@linkplain dev.curfew.inspect.Warnings warnings}.
 */
@NullMarked
package dev.curfew.inspect;

import org.jspecify.annotations.NullMarked;
