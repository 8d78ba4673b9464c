package dev.curfew;

import dev.curfew.internal.tree.Strand;

/**
 * Makes sure, before a scope is entered, that there is stack enough to leave it again.
 *
 * <p>A {@link StackOverflowError} in the middle of a block's end would let the block go before its
 * tasks have ended. So it is provoked at the entry instead, where nothing has begun: this uses up,
 * and gives back, more stack than it takes to wait, and to leave a scope. What else the end of a
 * block does is left to {@link LastResort} where the stack was used up. And what leaving needs is
 * loaded at the first entry.
 */
final class StackReserve {
    private static final int LEVELS = 24;

    static {
        LastResort.load();
        Strand.load();
        Shapes.of(null);
    }

    private StackReserve() {}

    /**
     * @throws StackOverflowError if there is not enough
     */
    static void require() {
        probe(LEVELS, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /** Whether there is enough for whatever the library does, with all that has to be loaded. */
    static boolean isAmple() {
        try {
            probe(20 * LEVELS, 1, 2, 3, 4, 5, 6, 7, 8);
            return true;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    /** Its many parameters make for a large frame, also when it is compiled and inlined in part. */
    private static long probe(
            int levels, long a, long b, long c, long d, long e, long f, long g, long h) {
        if (levels == 0) {
            return a + b + c + d + e + f + g + h;
        }
        return probe(levels - 1, b + h, c, d, e, f, g, h, a) + a + c + e + g;
    }
}
