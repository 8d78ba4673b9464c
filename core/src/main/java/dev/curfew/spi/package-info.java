/** What modules of the library's, or others, add to it. Depends on nothing. */
@NullMarked
package dev.curfew.spi;

import org.jspecify.annotations.NullMarked;
