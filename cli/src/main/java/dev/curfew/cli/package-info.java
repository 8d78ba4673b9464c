/** The {@code curfew} command. */
@NullMarked
package dev.curfew.cli;

import org.jspecify.annotations.NullMarked;
