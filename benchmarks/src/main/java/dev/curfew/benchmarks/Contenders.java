package dev.curfew.benchmarks;

import dev.curfew.benchmarks.contenders.Curfew;
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
    }

    private Contenders() {}

    /** Those that the goals are about. */
    static List<String> ofGate() {
        return List.of(Raw.NAME, Curfew.NAME, Sts.NAME);
    }

    /** Who was asked for and can't be had, and why. */
    static Map<String, String> missing(List<String> names) {
        return Map.of();
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
