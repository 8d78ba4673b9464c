package dev.curfew.benchmarks;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says where and with whom a run is. */
final class Machine {
    private Machine() {}

    static void print(PrintStream out, List<String> contenders, @Nullable Asyncio asyncio) {
        out.println(
                "JDK "
                        + Runtime.version()
                        + ", "
                        + System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.arch")
                        + ", "
                        + Runtime.getRuntime().availableProcessors()
                        + " processors, JVM options "
                        + String.join(" ", Forked.options(List.of(), "default"))
                        + "; P1: -Djdk.virtualThreadScheduler.parallelism=1");
        out.println("contenders: " + String.join(", ", contenders));
        if (asyncio != null) {
            String why = asyncio.missing();
            out.println(
                    why == null ? "asyncio: run apart, by python3" : "missing: asyncio: " + why);
        }
    }
}
