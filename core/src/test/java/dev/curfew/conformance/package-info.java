/** The catalogue of cases, the tests that show them, and the page that lists both. */
package dev.curfew.conformance;
