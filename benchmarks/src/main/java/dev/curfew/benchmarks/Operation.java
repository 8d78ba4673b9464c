package dev.curfew.benchmarks;

/** One case of a workload as one contender does it. */
@FunctionalInterface
public interface Operation {
    /**
     * Does it a number of times, one after the other, on the kind of thread that the workload asks
     * for.
     *
     * @param times how often
     * @param samples for the workloads that look at single operations
     * @return the nanoseconds from the first to the last
     * @throws Exception if it went wrong; the run is void then
     */
    long run(int times, Samples samples) throws Exception;
}
