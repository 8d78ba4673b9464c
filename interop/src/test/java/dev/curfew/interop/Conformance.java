package dev.curfew.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/** The rows of docs/conformance.md that a test shows; it is read from the source, by its name. */
@Target(ElementType.METHOD)
@interface Conformance {
    String[] value();
}
