package dev.curfew.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is measured. The table in the project's issue and {@code goals.tsv} use the same names. */
public enum Workload {
    W1("fork and join N trivial tasks", Unit.TASK, 1, 100, 1_000, 10_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.forkAndJoin(n);
        }
    },
    W2("fork N that block, cancel all, wait until all have ended", Unit.TASK, 1, 100, 10_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.cancelAll(n);
        }
    },
    W3("enter and leave a one-minute timeout that does not fire", Unit.WHOLE, 1) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.timeout();
        }
    },
    W4("groups nested N deep, per level", Unit.TASK, 10, 100) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.nested(n);
        }
    },
    W5("heap per blocked task", Unit.HEAP, 20_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.cancelAll(n); // for the warm-up alone: interpreted frames are larger
        }
    },
    W6("cancel one parked task and wait for its end", Unit.PERCENTILES, 1) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.cancelOne();
        }
    },
    W7("a group of N tasks of which the last fails at once", Unit.TASK, 10_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.oneFails(n);
        }
    },
    W8("from a platform thread: a group with one task", Unit.WHOLE, 1) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.fromPlatformThread();
        }
    },
    W9A("growth: fork and join", Unit.TASK, 100, 10_000, 1_000_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.forkAndJoin(n);
        }
    },
    W9B("growth: fork, cancel all, wait", Unit.TASK, 100, 10_000, 1_000_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.cancelAll(n);
        }
    },
    W9C("growth: cancel a tree N deep, per level", Unit.TASK, 100, 1_000, 10_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.cancelTree(n);
        }
    },
    W10("a request: 10 forks that wait 1 ms, under a timeout, N at a time", Unit.TASK, 200) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.requests(n);
        }
    },
    W11("allocation per task of fork and join", Unit.ALLOCATION, 1_000) {
        @Override
        @Nullable Operation operation(Contender c, int n) {
            return c.forkAndJoin(n);
        }
    };

    /** What the figures are. */
    enum Unit {
        /** Nanoseconds for each of N. */
        TASK,
        /** Nanoseconds of the whole. */
        WHOLE,
        /** Nanoseconds that half, and 99 of 100, do not exceed. */
        PERCENTILES,
        /** Bytes in use for each of N. */
        HEAP,
        /** Bytes allocated for each of N. */
        ALLOCATION
    }

    private final String title;
    private final Unit unit;
    private final int[] sizes;

    Workload(String title, Unit unit, int... sizes) {
        this.title = title;
        this.unit = unit;
        this.sizes = sizes;
    }

    abstract @Nullable Operation operation(Contender c, int n);

    String title() {
        return title;
    }

    Unit unit() {
        return unit;
    }

    List<Case> cases() {
        return Arrays.stream(sizes).mapToObj(n -> new Case(this, n)).toList();
    }

    boolean isGrowth() {
        return name().startsWith("W9");
    }

    /**
     * Those that share a JVM. None does whose time is measured: what one of them teaches the
     * compiler is not to decide how another is compiled.
     */
    static List<List<Workload>> together() {
        return List.of(
                List.of(W1),
                List.of(W2),
                List.of(W3),
                List.of(W4),
                List.of(W6),
                List.of(W7),
                List.of(W8),
                List.of(W10),
                List.of(W5, W11),
                List.of(W9A),
                List.of(W9B),
                List.of(W9C));
    }

    /** By the start of the name: W9 is three. Empty if there is none. */
    static List<Workload> named(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        List<Workload> found = new ArrayList<>();
        for (Workload w : values()) {
            if (w.name().equals(upper) || (upper.equals("W9") && w.isGrowth())) {
                found.add(w);
            }
        }
        return found;
    }
}
