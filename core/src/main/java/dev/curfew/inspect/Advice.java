package dev.curfew.inspect;

/**
 * Why a thread that was asked to stop has not, and what to do.
 *
 * @param id names the advice; {@code docs/warnings.md} has a sample for each
 * @param text one line
 * @param deaf whether it is in a call that no request to stop ends
 */
public record Advice(String id, String text, boolean deaf) {}
