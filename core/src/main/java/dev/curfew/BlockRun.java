package dev.curfew;

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
    private final BlockGroup.Core core;

    private @Nullable T value;
    private @Nullable Throwable thrown;

    /** Whose doing it is that the body was left, see {@link Strand#leave}. */
    private @Nullable Request left;

    /** The group was being cancelled for a failure when the body was left. */
    private boolean leftForFailure;

    private boolean waited;
    private @Nullable CancelReason interrupted;
    private @Nullable WaitCycleException cycle;

    private BlockRun(Config config, Strand strand) {
        long @Nullable [] gate = BlockGroup.Core.gate();
        this.core = new BlockGroup.Core(config, strand, gate);
    }

    static <T extends @Nullable Object, X extends Exception> T call(
            Config config, Block<? extends T, ? extends X> body) throws X, InterruptedException {
        return BlockRun.<T, X>run(config, Objects.requireNonNull(body, "body"), null);
    }

    static <X extends Exception> void run(Config config, VoidBlock<? extends X> body)
            throws X, InterruptedException {
        BlockRun.<@Nullable Void, X>run(config, null, Objects.requireNonNull(body, "body"));
    }

    /** One of the two bodies; a wrapper around the other would be a frame in every trace. */
    private static <T extends @Nullable Object, X extends Exception> T run(
            Config config, @Nullable Block<? extends T, ?> body, @Nullable VoidBlock<?> voidBody)
            throws X, InterruptedException {
        StackReserve.require();
        Strand strand = Strand.currentOrNew();
        try {
            BlockRun<T> run = new BlockRun<>(config, strand);
            run.body(strand, body, voidBody);
            run.end(strand);
            return run.<X>result(strand, body != null);
        } finally {
            strand.dropIfIdle();
        }
    }

    private void body(
            Strand strand, @Nullable Block<? extends T, ?> body, @Nullable VoidBlock<?> voidBody) {
        try {
            strand.enter(core.node());
            if (body != null) {
                value = body.run(core.facade());
            } else {
                Objects.requireNonNull(voidBody).run(core.facade());
            }
        } catch (Throwable e) {
            thrown = e;
        }
    }

    private void end(Strand strand) {
        Shape shape = Shape.FIRM;
        try {
            if (thrown == null) {
                shape = Shape.NOTHING;
                strand.holdSoon(core.node());
                core.bodyEnded();
                strand.held(core.node(), shape);
                awaitEnd(strand);
            } else {
                shape = Shapes.of(thrown);
                strand.hold(core.node(), shape);
                leftForFailure = core.isCancelledForFailure();
                if (!LastResort.isFor(thrown)) {
                    core.bodyFailed(thrown);
                    core.bodyEnded();
                    awaitEnd(strand);
                } else if (core.live() == 0) {
                    core.bodyEnded();
                }
            }
        } catch (Throwable e) {
            thrown = thrown == null ? e : thrown;
        }
        if (!core.ended()) {
            lastResort(strand, Objects.requireNonNull(thrown));
        }
        strand.release();
        left = strand.leave(core.node(), shape);
    }

    private void awaitEnd(Strand strand) {
        waited = !core.ended();
        if (waited) {
            refuseCycle(strand);
            strand.help();
            if (strand.awaitMembers(core, false)) {
                interrupted();
                strand.help();
                strand.awaitMembers(core, true);
            }
        }
    }

    /** As few frames as can be: whatever is thrown in here, the tasks are waited for. */
    private void lastResort(Strand strand, Throwable cause) {
        boolean begun = false;
        boolean interrupted = false;
        while (!core.ended()) {
            try {
                if (!begun) {
                    LastResort.begin(core, cause);
                    begun = true;
                }
                interrupted |= strand.awaitMembers(core, true);
            } catch (Throwable e) {
                continue; // until it succeeds: to leave now would leave tasks behind
            }
        }
        if (interrupted) {
            Receiver.interruptCaller();
        }
    }

    private void refuseCycle(Strand strand) {
        List<String> names = Waits.atEnd(strand, core);
        if (!names.isEmpty()) {
            cycle = new WaitCycleException(names);
            core.request(
                    core.node(),
                    Reasons.ofBody(
                            CancelReason.Kind.BODY_FAILED, "the end of " + core.label(), cycle));
        }
    }

    private void interrupted() {
        CancelReason reason =
                Reasons.ofBody(
                        CancelReason.Kind.INTERRUPTED,
                        "an interrupt of thread " + Text.nameOf(Thread.currentThread()),
                        null);
        interrupted = reason;
        core.request(core.node(), reason);
    }

    // ---- what leaves -----------------------------------------------------------------------

    private <X extends Exception> T result(Strand strand, boolean hasValue)
            throws X, InterruptedException {
        List<BlockGroup.Failed> problems = core.problems();
        List<BlockGroup.Failed> failures = List.of();
        if (!problems.isEmpty()) {
            reportUnread(problems.stream().filter(p -> !core.isGroups(p)).toList());
            failures = problems.stream().filter(core::isGroups).toList();
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
            Request outside = strand.outsideSince(core.node());
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
        strand.untellSince(core.node());
        if (interrupted != null) {
            Receiver.interruptCaller();
        }
    }

    private Throwable failed(List<BlockGroup.Failed> failures) {
        Throwable t = thrown;
        if (t == null) {
            return core.failure(failures);
        }
        if (t instanceof TaskFailedException own && isOf(own, failures)) {
            if (own.failures().size() == failures.size()) {
                return own;
            }
            TaskFailedException all = core.failure(failures);
            for (Throwable s : own.getSuppressed()) {
                Problems.keep(all, s);
            }
            return all;
        }
        if (left != null || leftForFailure) {
            TaskFailedException failure = core.failure(failures);
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
        Request own = left == null ? null : core.node().own();
        if (own == null || left != own) {
            throw Shapes.<X>sneak(ScopeRun.outward(left, t, false));
        }
        CancelReason reason = Reasons.of(own);
        if (hasValue) {
            throw new TaskCancelledException(null, reason, t);
        }
        Problems.reportCleanUp(core.label(), t);
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
                core.callHandler(p.task(), p.exception());
            }
        }
        if (flag) {
            Receiver.interruptCaller();
        }
    }
}
