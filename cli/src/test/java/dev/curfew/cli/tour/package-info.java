/** Tests of the tour. */
package dev.curfew.cli.tour;
