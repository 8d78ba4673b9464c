package dev.curfew.internal.watch;

import java.util.List;
import java.util.Optional;

/**
 * Knows the calls that do not react to an interrupt, and what to do about each: finds a stack in
 * {@link StuckRules}.
 *
 * <p>What counts is the call that the program made: of the JDK's frames on top of the stack the
 * outermost that is known. A frame deeper than the first of the program's own says nothing about
 * why the thread is stuck.
 */
public final class StuckFrames {
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    /** The library: this package and those of its inside, not what is named after it. */
    private static final String LIBRARY = "dev.curfew.";

    private static final String INSIDE = "dev.curfew.internal.";

    private StuckFrames() {}

    /**
     * Says why a thread does not react to an interrupt, and what to do.
     *
     * @param state the thread's state when the stack was taken
     * @param stack its stack, innermost frame first
     * @param virtual whether it is a virtual thread
     * @return the advice; empty if nothing is known about where it is
     */
    public static Optional<StuckAdvice> advice(
            Thread.State state, StackTraceElement[] stack, boolean virtual) {
        if (stack.length == 0) {
            return notBegun(state, stack, virtual)
                    ? Optional.of(StuckAdvice.NO_CARRIER)
                    : Optional.empty();
        }
        int own = firstOutsideJdk(stack);
        if (own < stack.length && startsWithOne(stack[own], StuckRules.DRIVERS)) {
            return Optional.of(StuckAdvice.JDBC);
        }
        if (state == Thread.State.BLOCKED) {
            return Optional.of(StuckAdvice.MONITOR);
        }
        for (int i = own - 1; i >= 0; i--) {
            for (StuckRules.Rule rule : StuckRules.ALL_RULES) {
                if (rule.matches(stack, i, virtual)) {
                    return Optional.of(rule.advice());
                }
            }
        }
        return state == Thread.State.RUNNABLE ? running(stack[0], own == 0) : Optional.empty();
    }

    private static Optional<StuckAdvice> running(StackTraceElement top, boolean own) {
        String type = top.getClassName();
        String method = top.getMethodName();
        if (type.equals("java.lang.Thread") && method.startsWith("yield")) {
            return Optional.of(StuckAdvice.BUSY);
        }
        if (type.equals("java.lang.VirtualThread") || type.equals("jdk.internal.vm.Continuation")) {
            return Optional.of(StuckAdvice.NO_CARRIER);
        }
        if (top.isNativeMethod()) {
            return own ? Optional.of(StuckAdvice.NATIVE) : Optional.empty();
        }
        return Optional.of(StuckAdvice.BUSY);
    }

    /**
     * The same, where it is known whether the thread has been told to stop: one that has, and waits
     * in a call that would react, has not let that stop it.
     */
    public static Optional<StuckAdvice> advice(
            Thread.State state, StackTraceElement[] stack, boolean virtual, boolean told) {
        Optional<StuckAdvice> known = advice(state, stack, virtual);
        boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        return known.isEmpty() && told && waits && stack.length > 0
                ? Optional.of(StuckAdvice.SWALLOWED)
                : known;
    }

    /** Whether it is a virtual thread that was started, and that no carrier has run so far. */
    public static boolean notBegun(Thread.State state, StackTraceElement[] stack, boolean virtual) {
        return virtual && stack.length == 0 && state == Thread.State.RUNNABLE;
    }

    /**
     * The innermost frame that is neither the JDK's nor the library's nor a database driver's; the
     * length if none is.
     */
    public static int firstOfProgram(StackTraceElement[] stack) {
        int i = 0;
        while (i < stack.length && isOthers(stack[i])) {
            i++;
        }
        return i;
    }

    private static boolean isOthers(StackTraceElement frame) {
        return startsWithOne(frame, JDK)
                || isLibrary(frame)
                || startsWithOne(frame, StuckRules.DRIVERS);
    }

    private static boolean isLibrary(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith(INSIDE)
                || (name.startsWith(LIBRARY) && name.indexOf('.', LIBRARY.length()) < 0);
    }

    private static int firstOutsideJdk(StackTraceElement[] stack) {
        int i = 0;
        while (i < stack.length && startsWithOne(stack[i], JDK)) {
            i++;
        }
        return i;
    }

    private static boolean startsWithOne(StackTraceElement frame, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (frame.getClassName().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
