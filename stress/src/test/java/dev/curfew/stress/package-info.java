/** Protocols under a model checker. */
package dev.curfew.stress;
