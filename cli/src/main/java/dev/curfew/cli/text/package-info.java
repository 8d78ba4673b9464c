/** What the commands print. */
@NullMarked
package dev.curfew.cli.text;

import org.jspecify.annotations.NullMarked;
