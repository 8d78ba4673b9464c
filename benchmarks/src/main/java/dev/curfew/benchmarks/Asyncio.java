package dev.curfew.benchmarks;

import java.util.List;
import java.util.Map;

/** Runs asyncio's script, apart from the others. */
final class Asyncio {
    private Asyncio() {}

    static void add(Map<String, Rounds> measured, List<Workload> group, List<String> contenders) {}
}
