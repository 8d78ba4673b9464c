package dev.curfew.inspect;

/**
 * Why a call does not react to an interrupt, and what to do.
 *
 * @param id names the advice; {@code docs/warnings.md} has a sample for each
 * @param text one line
 */
public record Advice(String id, String text) {}
