/**
 * A small HTTP service on the JDK's parts: {@link dev.curfew.examples.service.Service} puts it
 * together, {@link dev.curfew.examples.service.Orders} is its database, {@link
 * dev.curfew.examples.service.Misbehaving} are tasks that will not stop.
 */
@NullMarked
package dev.curfew.examples.service;

import org.jspecify.annotations.NullMarked;
