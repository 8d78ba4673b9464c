package dev.curfew.internal.tree;

/**
 * Whether the end of a block gives way to its only task before it parks. A short task has often
 * ended by then, which saves being parked and woken; for a longer one it is a switch for nothing.
 * What it was in the last blocks is what it will be in the next: where it has not helped in many
 * blocks, it is tried in a few only.
 *
 * <p>One number for all threads, a plain one: a lost update costs nothing but time. And a class
 * without an initializer, since a block may end where there is no stack left to run one.
 */
final class GivingWay {
    /** So often in vain. */
    private static final int MANY = 16;

    /** So many blocks do without, then. */
    private static final int PAUSE = 64;

    /** How often in a row it has not helped; from MANY on it counts the blocks that do without. */
    private static int inVain;

    private GivingWay() {}

    /** Called by the thread that waits for one task. */
    static void await(Members members) {
        int n = inVain;
        boolean tries = n < MANY || n >= MANY + PAUSE;
        if (tries) {
            Thread.yield();
        }
        if (!tries || !members.ended()) {
            inVain = n < MANY + PAUSE ? n + 1 : MANY;
        } else if (n != 0) {
            inVain = 0;
        }
    }
}
