package dev.curfew.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The control word of {@link Members}, on a cache line of its own: the fields before and behind it
 * are there for their size. A superclass's fields come first in memory.
 */
final class Gate extends GateWord {
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(GateWord.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long a1, a2, a3, a4, a5, a6, a7;

    Gate(long first) {
        WORD.set(this, first); // it is published with its group
    }

    long word() {
        return word;
    }

    boolean move(long from, long to) {
        return WORD.compareAndSet(this, from, to);
    }

    /** Returns what there was before. */
    long add(long n) {
        return (long) WORD.getAndAdd(this, n);
    }
}

abstract class GateWord extends GateBefore {
    volatile long word;
}

abstract class GateBefore {
    long b1, b2, b3, b4, b5, b6, b7;
}
