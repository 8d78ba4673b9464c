package dev.curfew.inspect;

import dev.curfew.internal.report.Harmless;
import dev.curfew.internal.tree.Ending;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.watch.LockOwners;
import dev.curfew.internal.watch.StuckFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Who waits for what. */
final class Waiters {
    private static final int FRAMES = 64;

    private final Map<Ending, String> ids;
    private final Map<Thread, Ending> targets = new IdentityHashMap<>();

    /**
     * @param ids of all that can be waited for
     */
    Waiters(Map<Ending, String> ids) {
        this.ids = ids;
    }

    void add(Ending target) {
        target.forEachWaiter(thread -> targets.put(thread, target));
    }

    /** The threads that wait for it, as people call them. */
    List<String> names(Ending target, int most) {
        List<String> names = new ArrayList<>();
        target.forEachWaiter(thread -> {
            if (names.size() < most) {
                names.add(name(thread));
            }
        });
        return names;
    }

    static String name(Thread thread) {
        String name = Harmless.of(thread.getName());
        return (name.isEmpty() ? "thread" : name) + " [" + thread.threadId() + "]";
    }

    /**
     * Looks at a strand's thread.
     *
     * @param asked whether it was asked to stop
     * @param told whether it was told, too
     */
    Waiting of(Strand strand, boolean asked, boolean told) {
        Thread thread = strand.thread();
        Thread.State state = thread.getState();
        StackTraceElement[] stack = thread.getStackTrace();
        int own = StuckFrames.firstOfProgram(stack);
        Ending target = targets.get(thread);
        boolean managed = target != null;
        return new Waiting(
                state,
                Optional.ofNullable(target).map(Ending::label),
                Optional.ofNullable(target).map(ids::get),
                frame(stack, own),
                frame(stack, own - 1),
                managed ? Optional.empty() : lock(thread),
                managed ? Optional.empty() : owner(thread, state),
                asked && !managed
                        ? StuckFrames.advice(state, stack, thread.isVirtual(), told)
                                .map(a -> new Advice(a.key(), a.text(), a.deaf()))
                        : Optional.empty(),
                Arrays.asList(stack).subList(0, Math.min(FRAMES, stack.length)));
    }

    private static Optional<StackTraceElement> frame(StackTraceElement[] stack, int at) {
        return at >= 0 && at < stack.length ? Optional.of(stack[at]) : Optional.empty();
    }

    private static Optional<String> owner(Thread thread, Thread.State state) {
        return state == Thread.State.RUNNABLE
                ? Optional.empty()
                : LockOwners.of(thread).map(Harmless::of);
    }

    /** Its class and number: its {@code toString} is foreign code. */
    private static Optional<String> lock(Thread thread) {
        @Nullable Object blocker = LockSupport.getBlocker(thread);
        return blocker == null || blocker instanceof Strand
                ? Optional.empty()
                : Optional.of(
                        blocker.getClass().getName()
                                + "@"
                                + Integer.toHexString(System.identityHashCode(blocker)));
    }
}
