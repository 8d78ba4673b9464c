package dev.curfew.cli.tour;

import java.util.List;
import java.util.Locale;

/**
 * What happened, in order.
 *
 * @param events the earliest first
 */
record Trace(List<Event> events) {
    Trace {
        events = List.copyOf(events);
    }

    /** Whether it happened. */
    boolean has(String who, String what) {
        return index(who, what) >= 0;
    }

    /** Whether the first happened, and the second not at all or later. */
    boolean ordered(String who, String what, String laterWho, String laterWhat) {
        int first = index(who, what);
        int second = index(laterWho, laterWhat);
        return first >= 0 && (second < 0 || first < second);
    }

    /** How often it happened after something else did; none if that did not happen. */
    long countAfter(String who, String what, String afterWho, String afterWhat) {
        int start = index(afterWho, afterWhat);
        return start < 0
                ? 0
                : events.subList(start, events.size()).stream()
                        .filter(e -> e.who().equals(who) && e.what().equals(what))
                        .count();
    }

    /** The time between two events, whichever came first, as people read it. */
    String between(String who, String what, String laterWho, String laterWhat) {
        int first = index(who, what);
        int second = index(laterWho, laterWhat);
        if (first < 0 || second < 0) {
            return "an unknown time";
        }
        return millis(Math.abs(events.get(second).nanos() - events.get(first).nanos()));
    }

    static String millis(long nanos) {
        double ms = nanos / 1e6;
        return String.format(Locale.ROOT, ms < 10 ? "%.1f ms" : "%.0f ms", ms);
    }

    private int index(String who, String what) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).who().equals(who) && events.get(i).what().equals(what)) {
                return i;
            }
        }
        return -1;
    }
}
