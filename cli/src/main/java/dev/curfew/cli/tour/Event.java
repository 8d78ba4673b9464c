package dev.curfew.cli.tour;

/**
 * Something that happened.
 *
 * @param nanos when, from the beginning of the half it belongs to
 * @param who did it
 * @param what was done
 */
record Event(long nanos, String who, String what) {}
