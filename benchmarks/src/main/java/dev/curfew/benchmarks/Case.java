package dev.curfew.benchmarks;

/**
 * A workload at one size.
 *
 * @param workload what
 * @param n how many, or how deep
 */
public record Case(Workload workload, int n) {
    /** By how much a slice's time is divided to get the figure. */
    int divisor() {
        return switch (workload.unit()) {
            case TASK, ALLOCATION, HEAP -> n;
            case WHOLE, PERCENTILES -> 1;
        };
    }

    @Override
    public String toString() {
        return workload + " N=" + n;
    }
}
