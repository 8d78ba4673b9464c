/** Tests of the management bean. */
package dev.curfew.management;
