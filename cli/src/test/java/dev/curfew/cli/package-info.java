/** Tests of the command, most of them on a real second process. */
package dev.curfew.cli;
