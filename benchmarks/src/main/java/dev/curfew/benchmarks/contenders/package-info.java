/** Who is measured, each written as its own documentation would have it. */
@NullMarked
package dev.curfew.benchmarks.contenders;

import org.jspecify.annotations.NullMarked;
