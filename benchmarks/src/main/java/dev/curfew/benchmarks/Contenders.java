package dev.curfew.benchmarks;

import dev.curfew.benchmarks.contenders.Curfew;
import dev.curfew.benchmarks.contenders.CurfewInTask;
import dev.curfew.benchmarks.contenders.Executor;
import dev.curfew.benchmarks.contenders.FailsafeTimeout;
import dev.curfew.benchmarks.contenders.Futures;
import dev.curfew.benchmarks.contenders.Jox;
import dev.curfew.benchmarks.contenders.Kotlin;
import dev.curfew.benchmarks.contenders.Ox;
import dev.curfew.benchmarks.contenders.Raw;
import dev.curfew.benchmarks.contenders.Sts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All contenders, by name. */
final class Contenders {
    private static final Map<String, Supplier<Contender>> ALL = new LinkedHashMap<>();

    static {
        ALL.put(Raw.NAME, Raw::new);
        ALL.put(Curfew.NAME, Curfew::new);
        ALL.put(Sts.NAME, Sts::new);
        ALL.put("Kotlin Default", Kotlin::onDefault);
        ALL.put("Kotlin runBlocking", Kotlin::onRunBlocking);
        ALL.put("virtual-thread executor", Executor::new);
        ALL.put("CompletableFuture", Futures::new);
        ALL.put("Jox", Jox::new);
        ALL.put("Ox", Ox::new);
        ALL.put("Failsafe", FailsafeTimeout::new);
        ALL.put("curfew in a task", CurfewInTask::new);
    }

    private Contenders() {}

    /** Those that the goals are about. */
    static List<String> ofGate() {
        return List.of(Raw.NAME, Curfew.NAME, Sts.NAME, "Kotlin Default");
    }

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /**
     * Those named, raw first; a name that there is none for is an {@link IllegalArgumentException}.
     */
    static List<Contender> of(List<String> names) {
        List<Contender> found = new ArrayList<>();
        for (String name : names) {
            Supplier<Contender> contender = ALL.get(name);
            if (contender == null) {
                throw new IllegalArgumentException(
                        "there is no contender " + name + "; there are " + names());
            }
            found.add(contender.get());
        }
        return found;
    }
}
