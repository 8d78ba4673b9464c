/** Each example is run, and does what its documentation says. */
package dev.curfew.examples;
