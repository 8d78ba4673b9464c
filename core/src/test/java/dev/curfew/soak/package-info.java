/** Random programs, and what must hold of each of them. */
package dev.curfew.soak;
