package dev.curfew.inspect;

import dev.curfew.CancelReason;
import dev.curfew.internal.report.Harmless;
import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Ending;
import dev.curfew.internal.tree.Forks;
import dev.curfew.internal.tree.Members;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.OpenGroups;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.ScopeNode;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.StrandTable;
import dev.curfew.internal.tree.Telling;
import dev.curfew.internal.tree.Timing;
import dev.curfew.internal.watch.StuckFrames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes one snapshot: all strands first, then what waits for what, then the entries from the
 * outside in. Iterative, since trees are 10,000 deep.
 *
 * <p>A strand's scopes are read from its top outwards: {@code top} once, the parents never change.
 */
final class Collector {
    private static final int AWAITED_BY = 4;

    private static final Comparator<Strand> BY_AGE =
            Comparator.comparingLong(s -> s.thread().threadId());

    /** What is still to be written: a group, or the rest of a strand's scopes from {@code from}. */
    private record Work(
            OpenGroups.@Nullable Entry service,
            @Nullable Strand strand,
            List<Node> scopes,
            int from,
            Optional<String> parent,
            int depth) {}

    private final Instant taken = Instant.now();
    private final long now = System.nanoTime();
    private final int stacks;

    private final List<Strand> threads = new ArrayList<>();
    private final Map<Members, List<Strand>> tasks = new IdentityHashMap<>();
    private final Map<Ending, String> ids = new IdentityHashMap<>();
    private final Waiters waiters = new Waiters(ids);
    private final Map<Strand, Boolean> lookedAt = new IdentityHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final ArrayDeque<Work> open = new ArrayDeque<>();

    Collector(int stacks) {
        this.stacks = stacks;
    }

    TaskTree collect() {
        Set<Strand> found = new HashSet<>();
        StrandTable.forEachNotBegun(found::add); // first: they go from here to the table
        StrandTable.forEach(found::add);
        Telling.forEach(found::add);
        List<Strand> all = new ArrayList<>(found);
        all.sort(BY_AGE);
        all.forEach(this::file);
        choose(all);
        List<OpenGroups.Entry> services = new ArrayList<>();
        OpenGroups.forEach(services::add);
        services.forEach(this::file);

        for (Strand s : threads.reversed()) {
            open.push(new Work(null, s, scopes(s), 0, Optional.empty(), 0));
        }
        for (OpenGroups.Entry s : services.reversed()) {
            open.push(new Work(s, null, List.of(), 0, Optional.empty(), 0));
        }
        while (!open.isEmpty()) {
            Work w = open.pop();
            if (w.service != null) {
                service(w.service, w);
            } else if (w.strand != null && w.from == 0) {
                strand(w.strand, w);
            } else if (w.strand != null) {
                scope(w.strand, w);
            }
        }
        return new TaskTree(taken, entries);
    }

    // ---- what there is -----------------------------------------------------------------------

    private void file(Strand s) {
        Ending task = s.task();
        Node parent = s.root().parent();
        if (task == null || parent == null || parent.members() == null) {
            threads.add(s);
        } else {
            ids.put(task, id(s));
            waiters.add(task);
            tasks.computeIfAbsent(parent.members(), _ -> new ArrayList<>()).add(s);
        }
        int level = 1;
        for (Node n : scopes(s)) {
            if (n.members() != null) {
                ids.put(n.members(), id(s) + "." + level);
                waiters.add(n.members());
            }
            level++;
        }
    }

    private void file(OpenGroups.Entry service) {
        Members m = service.members();
        if (m != null) {
            ids.put(m, Target.SERVICE + service.number());
            waiters.add(m);
        }
    }

    /** Those whose stacks are looked at. */
    private void choose(List<Strand> all) {
        for (boolean asked : new boolean[] {true, false}) {
            for (Strand s : all) {
                if (lookedAt.size() >= stacks) {
                    return;
                }
                if ((s.top().mark() != null || s.root().mark() != null) == asked) {
                    lookedAt.put(s, asked);
                }
            }
        }
    }

    private static String id(Strand s) {
        return Long.toString(s.thread().threadId());
    }

    /** From the outermost to the innermost. */
    private static List<Node> scopes(Strand s) {
        Node root = s.root();
        Node top = s.top();
        if (top == root) {
            return List.of();
        }
        List<Node> scopes = new ArrayList<>();
        for (Node n = top; n != null && n != root; n = n.parent()) {
            scopes.add(n);
        }
        return scopes.reversed();
    }

    // ---- entries -----------------------------------------------------------------------------

    private void service(OpenGroups.Entry service, Work w) {
        Members m = service.members();
        if (m == null) {
            return;
        }
        String id = Target.SERVICE + service.number();
        CancelReason reason = Target.reason(m);
        List<StackTraceElement> opened = service.opened();
        entries.add(
                new Entry(
                        Entry.Kind.SERVICE_GROUP,
                        id,
                        w.parent,
                        w.depth,
                        name(m),
                        reason != null ? Entry.State.CANCELLING : Entry.State.RUNNING,
                        Optional.of(Duration.ofNanos(now - service.nanos())),
                        Optional.empty(),
                        (int) Math.min(Integer.MAX_VALUE, m.live()),
                        Optional.ofNullable(reason).map(r -> cancellation(r, OptionalLong.empty())),
                        false,
                        Optional.empty(),
                        waiters.names(m, AWAITED_BY),
                        place(opened)));
        push(tasks.getOrDefault(m, List.of()), id, w.depth + 1);
    }

    private void push(List<Strand> strands, String parent, int depth) {
        for (Strand s : strands.reversed()) {
            open.push(new Work(null, s, scopes(s), 0, Optional.of(parent), depth));
        }
    }

    private void strand(Strand s, Work w) {
        Ending task = s.task();
        String id = id(s);
        Request request = s.root().mark();
        OptionalLong told = request == null ? OptionalLong.empty() : s.toldAt(request);
        Long born = task == null ? null : Forks.timeOf(s.thread().threadId());
        entries.add(
                new Entry(
                        task == null ? Entry.Kind.THREAD : Entry.Kind.TASK,
                        id,
                        w.parent,
                        w.depth,
                        task == null ? Harmless.of(s.thread().getName()) : name(task),
                        s.ended() ? Entry.State.ENDING : state(request, told),
                        Optional.ofNullable(born).map(t -> Duration.ofNanos(Math.max(0, now - t))),
                        Optional.empty(),
                        0,
                        Optional.ofNullable(request).map(r -> cancellation(r, told)),
                        s.shielded(),
                        Optional.ofNullable(lookedAt.get(s))
                                .map(asked -> waiters.of(s, asked, asked && wasTold(s))),
                        task == null ? List.of() : waiters.names(task, AWAITED_BY),
                        task == null
                                ? Optional.empty()
                                : place(Forks.placeOf(s.thread().threadId()))));
        next(s, w, id, 0);
    }

    private static boolean wasTold(Strand s) {
        Request innermost = s.top().mark();
        return innermost != null && s.toldAt(innermost).isPresent();
    }

    /** The next scope further in, if there is one. */
    private void next(Strand s, Work w, String parent, int from) {
        if (from < w.scopes.size()) {
            open.push(new Work(null, s, w.scopes, from + 1, Optional.of(parent), w.depth + 1));
        }
    }

    private void scope(Strand s, Work w) {
        Node n = w.scopes.get(w.from - 1);
        Members m = n.members();
        String id = id(s) + "." + w.from;
        Request request = n.own();
        OptionalLong told = request == null ? OptionalLong.empty() : s.toldAt(request);
        Entry.State state = state(request, told);
        boolean ending = m != null && m.endAwaited() && request == null;
        Long born = m == null ? made(n) : m.first() == 0 ? null : Forks.timeOf(m.first());
        entries.add(
                new Entry(
                        kind(n),
                        id,
                        w.parent,
                        w.depth,
                        m == null ? "" : name(m),
                        ending ? Entry.State.ENDING : state,
                        Optional.ofNullable(born).map(t -> Duration.ofNanos(Math.max(0, now - t))),
                        left(n),
                        m == null ? 0 : (int) Math.min(Integer.MAX_VALUE, m.live()),
                        Optional.ofNullable(request).map(r -> cancellation(r, told)),
                        n.isShield(),
                        Optional.empty(),
                        m == null ? List.of() : waiters.names(m, AWAITED_BY),
                        Optional.empty()));
        if (m != null) {
            push(tasks.getOrDefault(m, List.of()), id, w.depth + 1);
        }
        next(s, w, id, w.from);
    }

    private static @Nullable Long made(Node n) {
        return n instanceof ScopeNode scope ? scope.made() : null;
    }

    private static Entry.Kind kind(Node n) {
        if (n.members() != null) {
            return Entry.Kind.GROUP;
        }
        return n.isShield() ? Entry.Kind.SHIELD : n.isHook() ? Entry.Kind.HOOK : Entry.Kind.SCOPE;
    }

    private static Optional<Duration> left(Node n) {
        Timing t = n.timing();
        if (t == null) {
            return Optional.empty();
        }
        if (n.isOver()) {
            return n.sealed() ? Optional.empty() : Optional.of(Duration.ZERO);
        }
        return t.deadline() == Nanos.NEVER
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, Nanos.remaining(t.deadline()))));
    }

    /** The program's own frame, not that of an executor of the JDK's, say. */
    private static Optional<StackTraceElement> place(List<StackTraceElement> stack) {
        int own = StuckFrames.firstOfProgram(stack.toArray(StackTraceElement[]::new));
        return stack.stream().skip(own < stack.size() ? own : 0).findFirst();
    }

    private static String name(Ending e) {
        String name = e.ownName();
        return name == null ? "" : Harmless.of(name);
    }

    private static Entry.State state(@Nullable Request request, OptionalLong told) {
        if (request == null) {
            return Entry.State.RUNNING;
        }
        return told.isPresent() ? Entry.State.CLEANING_UP : Entry.State.CANCELLING;
    }

    private Cancellation cancellation(Request r, OptionalLong told) {
        OptionalLong after =
                told.isPresent()
                        ? OptionalLong.of(Math.max(0, told.getAsLong() - r.nanos()))
                        : told;
        return cancellation((CancelReason) r.reason(), after);
    }

    private Cancellation cancellation(CancelReason reason, OptionalLong toldAfter) {
        Duration age = Duration.between(reason.when(), taken);
        return new Cancellation(
                reason.kind(),
                Harmless.of(reason.message()),
                reason.cause().map(Harmless::of),
                Harmless.of(reason.requestedBy()),
                reason.when(),
                age.isNegative() ? Duration.ZERO : age,
                toldAfter.isPresent()
                        ? Optional.of(Duration.ofNanos(toldAfter.getAsLong()))
                        : Optional.empty(),
                reason.where());
    }
}
