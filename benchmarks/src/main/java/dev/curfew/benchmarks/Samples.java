package dev.curfew.benchmarks;

import java.util.Arrays;

/** Nanoseconds of single operations, up to as many as fit. One thread writes them. */
public final class Samples {
    private final long[] nanos = new long[1 << 16];
    private int size;

    public void clear() {
        size = 0;
    }

    public void add(long value) {
        if (size < nanos.length) {
            nanos[size++] = value;
        }
    }

    public int size() {
        return size;
    }

    /** The value that the given share of the samples does not exceed. */
    public double percentile(double share) {
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)];
    }
}
