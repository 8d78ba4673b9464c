package dev.curfew.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that a tree says about one entry, in words. */
final class Why {
    private static final int FRAMES = 24;
    private static final int STEPS = 16;
    private static final int SHOWN = 16;

    private final TaskTree tree;
    private final Map<String, Entry> byId = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    private Why(TaskTree tree) {
        this.tree = tree;
        tree.entries().forEach(e -> byId.put(e.id(), e));
    }

    static String of(TaskTree tree, Entry entry) {
        Why why = new Why(tree);
        why.chain(entry);
        return why.text.toString();
    }

    static String report(TaskTree tree) {
        Why why = new Why(tree);
        List<Entry> stuck = why.stuck();
        int shown = 0;
        for (Entry e : stuck) {
            if (shown++ == SHOWN) {
                why.text.append("and ").append(stuck.size() - SHOWN).append(" more\n");
                break;
            }
            why.describe(e);
        }
        if (!stuck.isEmpty()) {
            why.text.append("JDK ").append(Runtime.version()).append('\n');
        }
        return why.text.toString();
    }

    /** Tasks and threads with a request in force on them or on one of their scopes. */
    private List<Entry> stuck() {
        Set<String> asked = new LinkedHashSet<>();
        for (Entry e : tree.entries()) {
            if (e.cancellation().isPresent() && e.kind() != Entry.Kind.SERVICE_GROUP) {
                asked.add(strandOf(e.id()));
            }
        }
        List<Entry> stuck = new ArrayList<>();
        for (String id : asked) {
            Entry e = byId.get(id);
            if (e != null && !waitsForOwnTasks(e)) {
                stuck.add(e);
            }
        }
        return stuck;
    }

    private static String strandOf(String id) {
        int dot = id.indexOf('.');
        return dot < 0 ? id : id.substring(0, dot);
    }

    private static boolean waitsForOwnTasks(Entry e) {
        return e.waiting()
                .flatMap(Waiting::onId)
                .filter(on -> on.startsWith(e.id() + "."))
                .isPresent();
    }

    /** One, and what it waits for, and what that waits for. */
    private void chain(Entry start) {
        Set<String> seen = new HashSet<>();
        Optional<Entry> next = Optional.of(start);
        while (next.isPresent() && seen.add(next.get().id()) && seen.size() <= STEPS) {
            describe(next.get());
            next = next.get().waiting().flatMap(Waiting::onId).map(byId::get);
        }
        if (next.isPresent()) {
            line(0, "… which waits for " + TreeText.label(next.get()) + " again, or for more");
        }
    }

    private void describe(Entry e) {
        line(0, TreeText.label(e));
        path(e);
        String state = TreeText.state(e);
        line(
                1,
                "state: "
                        + (state.isEmpty() ? "RUNNING" : state)
                        + e.age().map(a -> ", " + TreeText.rough(a) + " old").orElse("")
                        + e.left().map(l -> ", " + TreeText.rough(l) + " left").orElse(""));
        e.origin()
                .ifPresent(o ->
                        line(1, (isTask(e) ? "forked" : "opened") + " at: " + TreeText.frame(o)));
        e.cancellation().ifPresent(c -> cancellation(c, e.kind() != Entry.Kind.SERVICE_GROUP));
        if (e.cancellation().isPresent() && e.shielded() && isTask(e)) {
            line(1, "held back: it is in a shield");
        }
        inside(e);
        if (!e.awaitedBy().isEmpty()) {
            line(1, "awaited by: " + String.join(", ", e.awaitedBy()));
        }
        e.waiting().ifPresent(this::waiting);
    }

    private static boolean isTask(Entry e) {
        return e.kind() == Entry.Kind.TASK || e.kind() == Entry.Kind.THREAD;
    }

    private void path(Entry e) {
        List<String> around = new ArrayList<>();
        Optional<Entry> outer = e.parent().map(byId::get);
        while (outer.isPresent() && around.size() < STEPS) {
            around.add(TreeText.label(outer.get()));
            outer = outer.get().parent().map(byId::get);
        }
        if (!around.isEmpty()) {
            line(1, "in: " + String.join(", in ", around));
        }
    }

    private void cancellation(Cancellation c, boolean hasThread) {
        line(1, "asked to stop: " + TreeText.rough(c.age()) + " ago: " + TreeText.reason(c));
        stack(c.where());
        if (hasThread) {
            line(
                    1,
                    "told: "
                            + c.toldAfter()
                                    .map(after -> TreeText.rough(after) + " after the request")
                                    .orElse("not yet, as far as is known"));
        }
    }

    /** Its scopes, and of a group its tasks. */
    private void inside(Entry e) {
        List<Entry> children =
                tree.entries().stream()
                        .filter(c -> c.parent().equals(Optional.of(e.id())))
                        .limit(SHOWN + 1L)
                        .toList();
        for (Entry c : children.subList(0, Math.min(SHOWN, children.size()))) {
            line(1, "has: " + TreeText.line(c));
        }
        if (children.size() > SHOWN) {
            line(1, "has: … and more");
        }
    }

    private void waiting(Waiting w) {
        w.on().ifPresent(on ->
                line(1, "waits for: " + on + w.onId().map(id -> " [" + id + "]").orElse("")));
        w.lock()
                .ifPresent(lock ->
                        line(
                                1,
                                "parked on: "
                                        + lock
                                        + w.lockOwner().map(o -> ", held by " + o).orElse("")));
        if (w.lock().isEmpty()) {
            w.lockOwner().ifPresent(o -> line(1, "the lock is held by: " + o));
        }
        line(1, "now: " + w.thread() + (TreeText.notBegun(w) ? ", has not begun" : ""));
        stack(w.stack());
        w.advice().ifPresent(a -> line(1, "what to do: " + a.text() + " (" + a.id() + ")"));
    }

    private void stack(List<StackTraceElement> frames) {
        frames.stream().limit(FRAMES).forEach(f -> line(2, "at " + TreeText.frame(f)));
        if (frames.size() > FRAMES) {
            line(2, "… and " + (frames.size() - FRAMES) + " more frames");
        }
    }

    private void line(int indent, String s) {
        text.append("  ".repeat(indent)).append(s).append('\n');
    }
}
