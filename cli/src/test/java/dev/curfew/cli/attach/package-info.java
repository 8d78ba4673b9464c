/** Tests of asking another JVM. */
package dev.curfew.cli.attach;
