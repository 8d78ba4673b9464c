/**
 * The inside of the library; not exported, and free to change. It has no classes of its own, only
 * packages, and between them no cycles:
 *
 * <pre>
 *  dev.curfew -> tree -> delivery -> time
 *                 ^
 *               watch                         all of them -> report
 * </pre>
 */
@NullMarked
package dev.curfew.internal;

import org.jspecify.annotations.NullMarked;
