package dev.curfew;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that dropping a method's result is a mistake: an outcome nobody looks at hides a failure.
 *
 * <p>Static analysis finds it: Error Prone, SpotBugs and IntelliJ IDEA know an annotation of this
 * simple name from any package. It is kept in the class file for them and is invisible at run time.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface CheckReturnValue {}
