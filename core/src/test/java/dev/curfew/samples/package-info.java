/** Code that the documentation shows. The build compiles it, runs it and compares the texts. */
package dev.curfew.samples;
