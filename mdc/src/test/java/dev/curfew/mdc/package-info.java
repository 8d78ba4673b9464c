/** Tests with Logback. */
package dev.curfew.mdc;
