package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whether the end of a block gives way to its only task before it parks. A short task has often
 * ended by then, which saves being parked and woken; for a longer one it is a switch for nothing.
 * What it was in the last blocks is what it will be in the next: where it has not helped in many
 * blocks, it is tried in a few only.
 *
 * <p>One number for all threads, read and written without order: a lost update costs nothing but
 * time.
 */
final class GivingWay {
    /** So often in vain. */
    private static final int MANY = 16;

    /** So many blocks do without, then. */
    private static final int PAUSE = 64;

    private static final VarHandle IN_VAIN;

    static {
        try {
            IN_VAIN =
                    MethodHandles.lookup()
                            .findStaticVarHandle(GivingWay.class, "inVain", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How often in a row it has not helped; from MANY on it counts the blocks that do without. */
    private static int inVain;

    private GivingWay() {}

    /** Called by the thread that waits for one task. */
    static void await(Members members) {
        int n = (int) IN_VAIN.getOpaque();
        boolean tries = n < MANY || n >= MANY + PAUSE;
        if (tries) {
            Thread.yield();
        }
        if (!tries || !members.ended()) {
            IN_VAIN.setOpaque(n < MANY + PAUSE ? n + 1 : MANY);
        } else if (n != 0) {
            IN_VAIN.setOpaque(0);
        }
    }
}
