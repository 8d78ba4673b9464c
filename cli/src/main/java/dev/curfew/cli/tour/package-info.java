/**
 * {@code curfew tour}: the problem and the answer, live.
 *
 * <p>A {@link dev.curfew.cli.tour.Scene} does the same thing twice, with plain Java and with
 * Curfew, on a {@link dev.curfew.cli.tour.Stage} that records what happens. Its verdicts are
 * derived from the recorded {@link dev.curfew.cli.tour.Trace} and from nothing else. {@link
 * dev.curfew.cli.tour.TourCommand} runs the scenes; {@link dev.curfew.cli.tour.TourText} and {@link
 * dev.curfew.cli.tour.TourJson} show them.
 */
@NullMarked
package dev.curfew.cli.tour;

import org.jspecify.annotations.NullMarked;
