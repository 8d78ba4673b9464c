/**
 * The {@code curfew} command: {@link dev.curfew.cli.Main} and a class for each subcommand.
 *
 * <p>{@code run} reads from the top down: {@link dev.curfew.cli.RunCommand} (options) makes a
 * {@link dev.curfew.cli.Plan}; {@link dev.curfew.cli.Run} (the commands as one task group), {@link
 * dev.curfew.cli.CommandTask} (one of them), {@link dev.curfew.cli.Sweep} (what they leave behind),
 * {@link dev.curfew.cli.Summary} (the table) or {@link dev.curfew.cli.RunJson} (the document).
 * Processes are started and waited for by {@link dev.curfew.cli.Posix}, without {@link
 * java.lang.Process}, whose reaper would compete for adopted children.
 */
@NullMarked
package dev.curfew.cli;

import org.jspecify.annotations.NullMarked;
