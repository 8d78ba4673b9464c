/** SLF4J's mapped diagnostic context in tasks. */
@NullMarked
package dev.curfew.mdc;

import org.jspecify.annotations.NullMarked;
