package dev.curfew;

import dev.curfew.internal.time.FullHeap;
import dev.curfew.internal.tree.Receiver;
import dev.curfew.internal.tree.Request;
import dev.curfew.internal.tree.Shape;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.Waits;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One block from its beginning to its end: the body on the caller's thread, the wait for the tasks,
 * and what leaves.
 *
 * <p>What leaves, the first that applies:
 *
 * <ol>
 *   <li>a cycle of waits that the end would have closed;
 *   <li>the tasks' failures, unless the body threw something of its own before the group was
 *       cancelled for them; then that, with the failures suppressed. A cancellation from outside
 *       that the body was told of is told again later;
 *   <li>what the body threw: as it is, or as what the scope that owns the cancellation makes of it;
 *   <li>if the body returned, but its end had to wait: the cancellation from outside that came
 *       meanwhile, or the interrupt;
 *   <li>the value.
 * </ol>
 */
final class BlockRun<T extends @Nullable Object> {
    /** How far an end has come: the tasks had ended when the body returned. */
    private static final int ENDED = 0;

    /** They have ended after a wait. */
    private static final int WAITED = 1;

    /** It has to wait, and may close a cycle of waits by that. */
    private static final int SEARCHES = 2;

    /** It waits, and somebody has interrupted that. */
    private static final int INTERRUPTED = 3;

    /** Something in it has thrown. */
    private static final int BROKEN = 4;

    /** It has not begun: the body threw. */
    private static final int THROWN = 5;

    private final BlockGroup group;

    private @Nullable T value;
    private @Nullable Throwable thrown;

    /** Whose doing it is that the body was left, see {@link Strand#leave}. */
    private @Nullable Request left;

    /** The group was being cancelled for a failure when the body was left. */
    private boolean leftForFailure;

    private boolean waited;
    private @Nullable CancelReason interrupted;
    private @Nullable WaitCycleException cycle;

    private BlockRun(BlockGroup group) {
        this.group = group;
    }

    static <T extends @Nullable Object, X extends Exception> T call(
            Config config, Block<? extends T, ? extends X> body) throws X, InterruptedException {
        return BlockRun.<T, X>run(config, Objects.requireNonNull(body, "body"), null);
    }

    /** One of the two bodies; a wrapper around the other would be a frame in every trace. */
    static <T extends @Nullable Object, X extends Exception> T run(
            Config config, @Nullable Block<? extends T, ?> body, @Nullable VoidBlock<?> voidBody)
            throws X, InterruptedException {
        StackReserve.require();
        Strand strand = Strand.currentOrNew();
        try {
            long @Nullable [] gate = BlockGroup.gate();
            BlockGroup group = new BlockGroup(config, strand, gate);
            T value = null;
            Throwable thrown = null;
            try {
                strand.enter(group.node());
                if (body != null) {
                    value = body.run(group);
                } else {
                    Objects.requireNonNull(voidBody).run(group);
                }
            } catch (Throwable e) {
                thrown = e;
            }
            int end = THROWN;
            if (thrown == null) {
                try {
                    end = end(group, strand);
                } catch (Throwable e) {
                    thrown = e;
                    end = BROKEN;
                }
            }
            if (end != ENDED && end != WAITED) {
                return BlockRun.<T, X>rest(group, strand, value, thrown, end, body != null);
            }
            strand.release();
            strand.leave(group.node(), Shape.NOTHING);
            return group.hasProblems() || (end == WAITED && strand.top().mark() != null)
                    ? BlockRun.<T, X>result(group, strand, value, end, body != null)
                    : value;
        } finally {
            strand.dropIfIdle();
        }
    }

    /** After a body that has returned, as long as nothing out of the ordinary comes up. */
    private static int end(BlockGroup group, Strand strand) {
        strand.holdSoon(group.node());
        group.bodyEnded();
        strand.held(group.node(), Shape.NOTHING);
        if (group.ended()) {
            return ENDED;
        }
        if (Waits.any()) {
            return SEARCHES;
        }
        strand.help();
        return strand.awaitMembers(group, false) ? INTERRUPTED : WAITED;
    }

    /** The end went well, but the value is not all that there is to say. */
    private static <T extends @Nullable Object, X extends Exception> T result(
            BlockGroup group, Strand strand, @Nullable T value, int end, boolean hasValue)
            throws X, InterruptedException {
        BlockRun<T> run = new BlockRun<>(group);
        run.value = value;
        run.waited = end == WAITED;
        return run.<X>result(strand, hasValue);
    }

    /** Waits for memory: the tasks have not ended, and it takes that to see to it. */
    private static <T extends @Nullable Object> BlockRun<T> of(BlockGroup group) {
        for (; ; ) {
            try {
                return new BlockRun<>(group);
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            }
        }
    }

    /** An end that has begun, or is about to, and is out of the ordinary. */
    private static <T extends @Nullable Object, X extends Exception> T rest(
            BlockGroup group,
            Strand strand,
            @Nullable T value,
            @Nullable Throwable thrown,
            int end,
            boolean hasValue)
            throws X, InterruptedException {
        BlockRun<T> run = of(group);
        run.value = value;
        run.thrown = thrown;
        run.end(strand, end);
        return run.<X>result(strand, hasValue);
    }

    private void end(Strand strand, int end) {
        Shape shape = end == THROWN ? Shape.FIRM : Shape.NOTHING;
        try {
            switch (end) {
                case THROWN -> {
                    Throwable t = Objects.requireNonNull(thrown);
                    shape = Shapes.of(t);
                    strand.hold(group.node(), shape);
                    leftForFailure = group.isCancelledForFailure();
                    afterThrow(strand, t);
                }
                case SEARCHES -> awaitEnd(strand);
                case INTERRUPTED -> {
                    waited = true;
                    goOn(strand);
                }
                default -> {}
            }
        } catch (Throwable e) {
            thrown = thrown == null ? e : thrown;
        }
        if (!group.ended()) {
            lastResort(group, strand, Objects.requireNonNull(thrown));
        }
        strand.release();
        left = strand.leave(group.node(), shape);
    }

    private void afterThrow(Strand strand, Throwable t) {
        if (!LastResort.isFor(t)) {
            group.bodyFailed(t);
            group.bodyEnded();
            awaitEnd(strand);
        } else if (group.live() == 0) {
            group.bodyEnded();
        }
    }

    private void awaitEnd(Strand strand) {
        waited = !group.ended();
        if (waited) {
            refuseCycle(strand);
            strand.help();
            if (strand.awaitMembers(group, false)) {
                goOn(strand);
            }
        }
    }

    /** Somebody has interrupted the wait. */
    private void goOn(Strand strand) {
        interrupted();
        strand.help();
        strand.awaitMembers(group, true);
    }

    /** As few frames as can be: whatever is thrown in here, the tasks are waited for. */
    private static void lastResort(BlockGroup group, Strand strand, Throwable cause) {
        boolean begun = false;
        boolean interrupted = false;
        while (!group.ended()) {
            try {
                if (!begun) {
                    LastResort.begin(group, cause);
                    begun = true;
                }
                interrupted |= strand.awaitMembers(group, true);
            } catch (Throwable e) {
                FullHeap.pause(); // until it succeeds: to leave now would leave tasks behind
            }
        }
        if (interrupted) {
            Receiver.interruptCaller();
        }
    }

    private void refuseCycle(Strand strand) {
        List<String> names = Waits.atEnd(strand, group);
        if (!names.isEmpty()) {
            cycle = new WaitCycleException(names);
            group.request(
                    group.node(),
                    Reasons.ofBody(
                            CancelReason.Kind.BODY_FAILED, "the end of " + group.label(), cycle));
        }
    }

    private void interrupted() {
        CancelReason reason =
                Reasons.ofBody(
                        CancelReason.Kind.INTERRUPTED,
                        "an interrupt of thread " + Text.nameOf(Thread.currentThread()),
                        null);
        interrupted = reason;
        group.request(group.node(), reason);
    }

    // ---- what leaves -----------------------------------------------------------------------

    private <X extends Exception> T result(Strand strand, boolean hasValue)
            throws X, InterruptedException {
        List<BlockGroup.Failed> problems = group.problems();
        List<BlockGroup.Failed> failures = List.of();
        if (!problems.isEmpty()) {
            reportUnread(problems.stream().filter(p -> !group.isGroups(p)).toList());
            failures = problems.stream().filter(group::isGroups).toList();
        }
        if (cycle != null) {
            keepPending(strand);
            for (BlockGroup.Failed f : failures) {
                Problems.keep(cycle, f.exception());
            }
            if (thrown != null) {
                Problems.keep(cycle, thrown);
            }
            throw cycle;
        }
        if (!failures.isEmpty()) {
            keepPending(strand);
            throw Shapes.<X>sneak(failed(failures));
        }
        if (thrown != null) {
            if (interrupted != null) {
                Receiver.interruptCaller();
            }
            return thrown(hasValue);
        }
        if (waited) {
            Request outside = strand.outsideSince(group.node());
            if (outside != null) {
                throw Reasons.signal(outside);
            }
            if (interrupted != null) {
                throw new CancelledException(interrupted);
            }
        }
        return value;
    }

    /** Something else leaves: the cancellations and interrupts from outside stay pending. */
    private void keepPending(Strand strand) {
        strand.untellSince(group.node());
        if (interrupted != null) {
            Receiver.interruptCaller();
        }
    }

    private Throwable failed(List<BlockGroup.Failed> failures) {
        Throwable t = thrown;
        if (t == null) {
            return group.failure(failures);
        }
        if (t instanceof TaskFailedException own && isOf(own, failures)) {
            if (own.failures().size() == failures.size()) {
                return own;
            }
            TaskFailedException all = group.failure(failures);
            for (Throwable s : own.getSuppressed()) {
                Problems.keep(all, s);
            }
            return all;
        }
        if (left != null || leftForFailure) {
            TaskFailedException failure = group.failure(failures);
            if (!Problems.isBareSignal(t)) {
                Problems.keep(failure, t);
            }
            return failure;
        }
        for (BlockGroup.Failed f : failures) {
            if (!Problems.keep(t, f.exception())) {
                reportUnread(List.of(f));
            }
        }
        return t;
    }

    /** Whether the body let through what it got from one of its own tasks. */
    private static boolean isOf(TaskFailedException e, List<BlockGroup.Failed> failures) {
        return failures.stream().anyMatch(f -> f.exception() == e.getCause());
    }

    private <X extends Exception> T thrown(boolean hasValue) throws X, InterruptedException {
        Throwable t = Objects.requireNonNull(thrown);
        Request own = left == null ? null : group.node().own();
        if (own == null || left != own) {
            throw Shapes.<X>sneak(ScopeRun.outward(left, t, false));
        }
        CancelReason reason = Reasons.of(own);
        if (hasValue) {
            throw new TaskCancelledException(null, reason, t);
        }
        Problems.reportCleanUp(group.label(), t);
        return value;
    }

    /** With the interrupt status put aside: the handler is foreign code, and may do I/O. */
    private void reportUnread(List<BlockGroup.Failed> problems) {
        if (problems.isEmpty()) {
            return;
        }
        boolean flag = Receiver.clearCallersInterrupt();
        for (BlockGroup.Failed p : problems) {
            if (p.task().wasRead()) {
                continue;
            }
            if (p.isCleanUp()) {
                Problems.reportCleanUp(p.task().label(), p.exception());
            } else {
                group.callHandler(p.task(), p.exception());
            }
        }
        if (flag) {
            Receiver.interruptCaller();
        }
    }
}
