package dev.curfew.conformance;

import java.util.List;

/**
 * A test that names rows of the catalogue.
 *
 * @param test class and method
 * @param kinds of thread that it runs on; empty if it does not say
 */
record Citation(String test, List<String> ids, List<String> kinds) {}
