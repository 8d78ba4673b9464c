package dev.curfew.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * What a strand has been told of, newest first: requests that were delivered and whose scopes are
 * still open. Each scope saves the list at its entry and goes back to it when it is left.
 *
 * @param merged a stranger's interrupt was consumed together with ours, and is given back when the
 *     scope of the request is left
 * @param nanos when it was told, as well as that is known, in {@link System#nanoTime} terms
 */
record Told(Request request, boolean merged, @Nullable Told outer, long nanos) {

    static @Nullable Told live(@Nullable Told told) {
        Told t = told;
        while (t != null && t.request.withdrawn()) {
            t = t.outer;
        }
        return t;
    }

    /**
     * One that stands in for a withdrawn request is another: the block that it keeps cancelled is
     * told of it, and takes it away when it ends.
     */
    static boolean contains(@Nullable Told told, Request request) {
        return find(told, request) != null;
    }

    /** For reports: where it is enough to have been told of what it stands in for. */
    static @Nullable Told findLike(@Nullable Told told, Request request) {
        Told found = find(told, request);
        Request before = request.replaces;
        return found != null || before == null ? found : find(told, before);
    }

    private static @Nullable Told find(@Nullable Told told, Request request) {
        Told t = told;
        while (t != null && t.request != request) {
            t = t.outer;
        }
        return t;
    }

    /** With one that is told now. */
    static Told plus(@Nullable Told told, Request request, boolean merged) {
        return plus(told, request, merged, 0);
    }

    /**
     * @param nanos when it was told; 0 for now
     */
    static Told plus(@Nullable Told told, Request request, boolean merged, long nanos) {
        if (told != null && contains(told, request)) {
            return merged && !told.merged
                    ? new Told(told.request, true, told.outer, told.nanos)
                    : told;
        }
        return new Told(request, merged, told, nanos != 0 ? nanos : System.nanoTime());
    }
}
