/**
 * Short programs, one for each of the things that concurrent Java code has to do. Each is a class
 * with a small API and a {@code main}; each is run by a test.
 */
@NullMarked
package dev.curfew.examples;

import org.jspecify.annotations.NullMarked;
