/**
 * What the library has to say and nobody to throw to: stuck tasks, failures that were never read,
 * hooks that threw.
 *
 * <p>Every package may report; this one depends on none of them. What a report says is put together
 * by whoever makes it.
 */
@NullMarked
package dev.curfew.internal.report;

import org.jspecify.annotations.NullMarked;
