/**
 * {@code curfew ps}, {@code tree}, {@code why} and {@code cancel}: they attach to a running JVM of
 * the same user, have it start its local management agent, and ask the library's bean there. No
 * agent of ours is loaded, and the JVM needs no flag.
 */
@NullMarked
package dev.curfew.cli.attach;

import org.jspecify.annotations.NullMarked;
