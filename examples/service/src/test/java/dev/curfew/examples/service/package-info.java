/** Runs the example. */
package dev.curfew.examples.service;
