package dev.curfew.internal.report;

/**
 * Lets one of many like reports through, ever more rarely: the first, then one for each interval,
 * which doubles from a second to about a minute. What is held back is counted, and told with the
 * next.
 */
public final class Growing {
    private static final long FIRST = 1_000_000_000L;
    private static final int SLOWEST = 64;

    private long notBefore;
    private int times;
    private boolean any;
    private long heldBack;

    /** What to say; empty while it is not time yet. */
    public synchronized String next(String message, long now) {
        if (any && now - notBefore < 0) {
            heldBack++;
            return "";
        }
        times = any ? Math.min(SLOWEST, 2 * times) : 1;
        any = true;
        notBefore = now + times * FIRST;
        long before = heldBack;
        heldBack = 0;
        return before == 0 ? message : message + " (and " + before + " more like it before)";
    }
}
