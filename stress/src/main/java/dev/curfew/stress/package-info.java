/** The public handshakes, tried by jcstress. */
package dev.curfew.stress;
