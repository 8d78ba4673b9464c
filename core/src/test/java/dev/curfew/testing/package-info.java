/** What tests share. */
package dev.curfew.testing;
