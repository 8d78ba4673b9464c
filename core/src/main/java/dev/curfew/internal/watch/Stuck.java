package dev.curfew.internal.watch;

import dev.curfew.internal.report.Harmless;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.tree.Members;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Strand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Finds what a request still waits for, and describes each. */
public final class Stuck {
    /** So many are described; the rest is counted. */
    private static final int SHOWN = 16;

    private static final int FRAMES = 24;

    /** An interrupt that has not returned for so long is the trouble itself. */
    private static final long BLOCKED_NANOS = 100_000_000;

    private Stuck() {}

    /**
     * The strands that keep a request from its end. Who only waits for tasks of its own is not
     * named, but those tasks are.
     *
     * @return empty if everything has ended
     */
    public static List<Strand> of(Request request) {
        Node origin = request.origin();
        if (request.sealed() || request.withdrawn()) {
            return List.of();
        }
        List<Strand> found = new ArrayList<>();
        ArrayDeque<Strand> open = new ArrayDeque<>();
        Strand strand = origin.strand();
        if (strand != null) {
            open.add(strand);
        } else {
            addMembers(origin, open);
        }
        while (!open.isEmpty()) {
            Strand s = open.poll();
            if (!s.ended() && !addTasks(s, origin, open)) {
                found.add(s);
            }
        }
        return found;
    }

    /**
     * Adds the tasks of the blocks that the strand has open, as far out as {@code origin}.
     *
     * @return whether the strand only waits for some of them, at the end of their block
     */
    private static boolean addTasks(Strand strand, Node origin, ArrayDeque<Strand> into) {
        boolean waits = false;
        for (Node n = strand.top(); n != null && n.strand() == strand; n = n.parent()) {
            Members members = n.members();
            waits |= members != null && members.endAwaited();
            addMembers(n, into);
            if (n == origin) {
                break;
            }
        }
        return waits;
    }

    private static void addMembers(Node block, ArrayDeque<Strand> into) {
        Members members = block.members();
        if (members != null) {
            members.forEach(s -> {
                boolean asked = !s.background() || s.root().own() != null;
                if (asked && s.root().parent() == block) {
                    into.add(s);
                }
            });
        }
    }

    /**
     * Describes all of them, a paragraph each.
     *
     * @param reason why they were asked to stop, in one line
     * @param where the stack of whoever asked, innermost frame first; may be empty
     */
    public static String describe(
            List<Strand> strands, Request request, String reason, List<StackTraceElement> where) {
        StringBuilder text = new StringBuilder();
        for (Strand s : strands.subList(0, Math.min(SHOWN, strands.size()))) {
            text.append(text.isEmpty() ? "" : "\n");
            describe(s, request, reason, where, text, s.thread().getStackTrace());
        }
        if (strands.size() > SHOWN) {
            text.append("\nand ").append(strands.size() - SHOWN).append(" more");
        }
        return text.append("\n  JDK ").append(Runtime.version()).toString();
    }

    /** Describes one, with a stack that was taken before. */
    public static void describe(
            Strand strand,
            Request request,
            String reason,
            List<StackTraceElement> where,
            StringBuilder text,
            StackTraceElement[] stack) {
        Thread thread = strand.thread();
        double age = (System.nanoTime() - request.nanos()) / 1e9;
        text.append(strand.label())
                .append(" [")
                .append(thread.threadId())
                .append(']')
                .append(
                        String.format(
                                java.util.Locale.ROOT,
                                " was asked to stop %.1f s ago and has not ended",
                                age))
                .append("\n  reason: ")
                .append(reason);
        if (!where.isEmpty()) {
            text.append("\n  requested at: ").append(Harmless.of(where.getFirst().toString()));
        }
        Thread.State state = thread.getState();
        boolean notBegun = StuckFrames.notBegun(state, stack, thread.isVirtual());
        text.append("\n  told: ")
                .append(notBegun ? "not yet: it has not begun" : told(strand, request));
        text.append("\n  now: ").append(state);
        for (int i = 0; i < stack.length && i < FRAMES; i++) {
            text.append("\n    at ").append(Harmless.of(stack[i].toString()));
        }
        boolean told = strand.toldAt(request).isPresent();
        StuckFrames.advice(state, stack, thread.isVirtual(), told)
                .ifPresent(advice -> text.append("\n  what to do: ").append(advice.text()));
    }

    /** What kind of trouble it is. */
    public static Report kind(Strand strand, Request request) {
        if (strand.interruptInFlight()
                && System.nanoTime() - strand.inFlightSince() > BLOCKED_NANOS) {
            return Report.INTERRUPT_BLOCKED;
        }
        if (strand.toldAt(request).isPresent()) {
            return isDeaf(strand.thread()) ? Report.STUCK : Report.CLEANUP_SLOW;
        }
        return strand.shielded() ? Report.SHIELD_LONG : Report.STUCK;
    }

    /**
     * Whether it is in a call that no interrupt ends. Some of those take the interrupt all the same
     * and give it back when they are through, as {@code Lock.lock()} does.
     */
    private static boolean isDeaf(Thread thread) {
        return StuckFrames.advice(thread.getState(), thread.getStackTrace(), thread.isVirtual())
                .filter(StuckAdvice::deaf)
                .isPresent();
    }

    private static String told(Strand strand, Request request) {
        OptionalLong at = strand.toldAt(request);
        if (at.isPresent()) {
            double after = Math.max(0, at.getAsLong() - request.nanos()) / 1e6;
            return String.format(java.util.Locale.ROOT, "yes, %.1f ms after the request", after);
        }
        if (strand.interruptInFlight()) {
            return "its interrupt is being sent, and that call has not returned";
        }
        if (strand.shielded()) {
            return "not yet: it is in a shield";
        }
        return strand.wasInterrupted()
                ? "an interrupt was sent to it"
                : "by waking its wait, or not yet";
    }
}
