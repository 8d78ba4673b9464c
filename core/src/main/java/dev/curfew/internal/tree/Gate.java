package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Has the control word of {@link Members}. On one carrier that is a field. Where tasks run at the
 * same time it shares its cache line with nothing that is read meanwhile: it is in an array then,
 * whose other elements are there for their size, and which is made before the group, so that what
 * lies before it is older.
 */
abstract class Gate extends Ending {
    private static final int AT = 0;
    private static final int LENGTH = 8;

    private static final VarHandle PADDED = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Gate.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long @Nullable [] padded;
    private volatile long word;

    /**
     * @param padded from {@link #padded}, for this alone
     */
    Gate(long @Nullable [] padded, long first) {
        this.padded = padded;
        if (padded == null) {
            WORD.set(this, first); // it is published with its group
        } else {
            padded[AT] = first;
        }
    }

    static long @Nullable [] padded() {
        return Carriers.ONE ? null : new long[LENGTH];
    }

    final long word() {
        return Carriers.ONE ? word : (long) PADDED.getVolatile(padded, AT);
    }

    final boolean move(long from, long to) {
        return Carriers.ONE
                ? WORD.compareAndSet(this, from, to)
                : PADDED.compareAndSet(padded, AT, from, to);
    }

    /** Returns what there was before. */
    final long add(long n) {
        return Carriers.ONE
                ? (long) WORD.getAndAdd(this, n)
                : (long) PADDED.getAndAdd(padded, AT, n);
    }
}
