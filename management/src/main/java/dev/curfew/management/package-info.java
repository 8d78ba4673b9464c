/**
 * A management bean for the tasks of a program, {@link dev.curfew.management.CurfewMXBean}, which
 * the library finds and registers by itself.
 */
@NullMarked
package dev.curfew.management;

import org.jspecify.annotations.NullMarked;
