package dev.curfew.inspect;

import dev.curfew.internal.report.Harmless;
import dev.curfew.internal.report.Times;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tree as {@code pstree} draws it. Indents no further than a screen is wide. */
final class TreeText {
    private static final int INDENT = 20;

    private static final Comparator<Entry> ASKED_FIRST =
            Comparator.comparing(e -> e.cancellation().isEmpty());

    private record Line(Optional<Entry> entry, int left, String before, String after) {}

    private final StringBuilder text = new StringBuilder();
    private final Map<String, List<Entry>> inside = new HashMap<>();
    private final ArrayDeque<Line> open = new ArrayDeque<>();
    private final int most;

    TreeText(List<Entry> entries, int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "at least one child of each entry has to be shown, not " + most);
        }
        this.most = most;
        List<Entry> roots = new ArrayList<>();
        for (Entry e : entries) {
            List<Entry> siblings =
                    e.parent().isEmpty()
                            ? roots
                            : inside.computeIfAbsent(e.parent().get(), _ -> new ArrayList<>());
            siblings.add(e);
        }
        for (Entry e : roots.reversed()) {
            open.push(new Line(Optional.of(e), 0, "", ""));
        }
        while (!open.isEmpty()) {
            draw(open.pop());
        }
    }

    private void draw(Line line) {
        if (line.entry.isEmpty()) {
            text.append(line.before).append("… and ").append(line.left).append(" more\n");
            return;
        }
        Entry e = line.entry.get();
        text.append(line.before).append(line(e)).append('\n');
        List<Entry> children = inside.getOrDefault(e.id(), List.of());
        int shown = Math.min(most, children.size());
        int left = children.size() - shown;
        if (left > 0) {
            children = children.stream().sorted(ASKED_FIRST).limit(shown).toList();
            open.push(new Line(Optional.empty(), left, branch(line.after, true), ""));
        }
        for (int i = shown - 1; i >= 0; i--) {
            boolean last = i == shown - 1 && left == 0;
            open.push(
                    new Line(
                            Optional.of(children.get(i)),
                            0,
                            branch(line.after, last),
                            further(line.after, last)));
        }
    }

    private static String branch(String before, boolean last) {
        return before + (last ? "└─ " : "├─ ");
    }

    private static String further(String before, boolean last) {
        return before.length() >= INDENT * 3 ? before : before + (last ? "   " : "│  ");
    }

    static String kind(Entry e) {
        return switch (e.kind()) {
            case SERVICE_GROUP -> "service group";
            case GROUP -> "group";
            case TASK -> "task";
            case THREAD -> "thread";
            case SCOPE -> "scope";
            case SHIELD -> "shield";
            case HOOK -> "scope with a hook";
        };
    }

    static String label(Entry e) {
        return kind(e) + (e.name().isEmpty() ? "" : " " + e.name()) + " [" + e.id() + "]";
    }

    static String state(Entry e) {
        return switch (e.state()) {
            case RUNNING -> "";
            case CANCELLING -> isDeaf(e) ? "STUCK" : "CANCELLING";
            case CLEANING_UP -> isDeaf(e) ? "STUCK" : "CLEANING UP";
            case ENDING -> e.kind() == Entry.Kind.TASK ? "telling its listeners" : "at its end";
        };
    }

    /** Whether it is in a call that does not react to what it was asked, whatever it was told. */
    private static boolean isDeaf(Entry e) {
        return e.waiting().flatMap(Waiting::advice).filter(Advice::deaf).isPresent();
    }

    static String line(Entry e) {
        List<String> parts = new ArrayList<>();
        boolean group = e.kind() == Entry.Kind.GROUP || e.kind() == Entry.Kind.SERVICE_GROUP;
        add(parts, state(e));
        if (group) {
            parts.add(e.tasks() + (e.tasks() == 1 ? " task" : " tasks"));
        }
        e.age().ifPresent(age -> parts.add(rough(age) + " old"));
        e.left()
                .ifPresent(left ->
                        parts.add(left.isZero() ? "its time is up" : rough(left) + " left"));
        e.cancellation()
                .ifPresent(c -> {
                    parts.add("asked " + rough(c.age()) + " ago: " + reason(c));
                    c.toldAfter().ifPresent(after -> parts.add("told after " + rough(after)));
                });
        if (e.shielded() && e.kind() != Entry.Kind.SHIELD) {
            parts.add("in a shield");
        }
        e.waiting().ifPresent(w -> add(parts, where(w)));
        if (group && !e.awaitedBy().isEmpty()) {
            parts.add("awaited by " + String.join(", ", e.awaitedBy()));
        }
        return label(e) + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
    }

    private static void add(List<String> parts, String part) {
        if (!part.isEmpty()) {
            parts.add(part);
        }
    }

    static String reason(Cancellation c) {
        return c.kind()
                + (c.message().isEmpty() ? "" : " \"" + c.message() + "\"")
                + (c.requestedBy().isEmpty() ? "" : " by " + c.requestedBy())
                + c.cause().map(cause -> " because of " + cause).orElse("");
    }

    private static String where(Waiting w) {
        if (notBegun(w)) {
            return "has not begun";
        }
        if (w.on().isPresent()) {
            return "waits for "
                    + w.on().get()
                    + w.onId().map(id -> " [" + id + "]").orElse("")
                    + w.frame().map(f -> " at " + frame(f)).orElse("");
        }
        return w.frame()
                        .map(f ->
                                w.call().map(c -> "in " + call(c) + " ").orElse("")
                                        + "at "
                                        + frame(f))
                        .orElse("")
                + w.lockOwner().map(owner -> ", the lock is held by " + owner).orElse("")
                + w.advice()
                        .map(a -> (a.deaf() ? " (does not react: " : " (see: ") + a.id() + ")")
                        .orElse("");
    }

    static String call(StackTraceElement frame) {
        String type = frame.getClassName();
        return Harmless.of(type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName());
    }

    /** Names of classes and methods may hold nearly any character. */
    static String frame(StackTraceElement frame) {
        return Harmless.of(frame.toString());
    }

    /** A thread that was started, and that nothing has run so far. */
    static boolean notBegun(Waiting w) {
        return w.stack().isEmpty() && w.thread() == Thread.State.RUNNABLE;
    }

    /** Of a long time the milliseconds do not matter. */
    static String rough(Duration time) {
        long nanos = time.toNanos();
        long unit = nanos >= 1_000_000_000 ? 100_000_000 : nanos >= 1_000_000 ? 1_000_000 : 1_000;
        return Times.of(Duration.ofNanos(nanos / unit * unit));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
