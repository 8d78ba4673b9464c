/**
 * The harness: contenders alternate in one JVM in slices of tens of milliseconds, and what counts
 * is the ratio of a slice to the bare threads' slice of the same round.
 */
@NullMarked
package dev.curfew.benchmarks;

import org.jspecify.annotations.NullMarked;
