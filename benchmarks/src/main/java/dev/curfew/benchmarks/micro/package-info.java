/** Micro-costs under JMH: {@code ./bench jmh}. A cross-check of W1 and W3, measured another way. */
@NullMarked
package dev.curfew.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
