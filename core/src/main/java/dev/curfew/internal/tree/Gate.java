package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The control word of {@link Members}. Where tasks run at the same time it has a cache line of its
 * own: the elements before and behind it are there for their size.
 */
final class Gate {
    private static final int AT = 0;
    private static final int LENGTH = Carriers.ONE ? 1 : 8;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private Gate() {}

    static long[] of(long first) {
        long[] gate = new long[LENGTH];
        gate[AT] = first; // it is published with its group
        return gate;
    }

    static long word(long[] gate) {
        return (long) WORD.getVolatile(gate, AT);
    }

    static boolean move(long[] gate, long from, long to) {
        return WORD.compareAndSet(gate, AT, from, to);
    }

    /** Returns what there was before. */
    static long add(long[] gate, long n) {
        return (long) WORD.getAndAdd(gate, AT, n);
    }
}
