/** Curfew and the JDK's structured concurrency inside each other. */
package dev.curfew.interop;
