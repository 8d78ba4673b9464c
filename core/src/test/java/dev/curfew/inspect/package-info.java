/** Tests of looking at a running program. */
package dev.curfew.inspect;
