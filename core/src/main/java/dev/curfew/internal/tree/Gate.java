package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The control word of {@link Members}. Where tasks run at the same time it shares its cache line
 * with nothing that is read meanwhile: the elements behind it are there for their size. It is made
 * before the group, so that what lies before it is older.
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
