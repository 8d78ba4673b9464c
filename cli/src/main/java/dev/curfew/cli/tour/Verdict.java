package dev.curfew.cli.tour;

/**
 * What the events show.
 *
 * @param good whether it went as it should
 * @param text what happened, with the times
 */
record Verdict(boolean good, String text) {}
