package dev.curfew.internal.tree;

import static dev.curfew.stress.Checked.check;
import static dev.curfew.stress.Checked.exploreParking;
import static dev.curfew.stress.Checked.shared;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.time.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Managed waits of a task's strand under a model checker, against what ends them, beside copies
 * with a planted bug. Who parks stays parked until woken, so a lost wake-up is a deadlock.
 */
@Timeout(300)
class WaitProtocolTest {
    private static final VarHandle WAITERS;

    static {
        try {
            WAITERS =
                    MethodHandles.privateLookupIn(Ending.class, MethodHandles.lookup())
                            .findVarHandle(Ending.class, "waiters", Ending.Waiter.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private abstract static class Target extends Ending {
        volatile boolean ended;

        abstract void end();

        @Override
        public boolean ended() {
            return ended;
        }

        @Override
        public String label() {
            return "target";
        }
    }

    private static final class Real extends Target {
        @Override
        void end() {
            ended = true;
            wakeAll();
        }
    }

    private static final class WakesTooEarly extends Target {
        @Override
        void end() {
            wakeAll();
            ended = true;
        }
    }

    /** The owner's part. */
    private interface Wait {
        Wake run(Strand strand, Target target);
    }

    private interface Action {
        void run(ScopeNode scope, Target target);
    }

    /** What another thread does. */
    private record Part(Action action, boolean cancels, boolean interrupts) {
        Part then(Part next) {
            return new Part(
                    (scope, target) -> {
                        action.run(scope, target);
                        next.action.run(scope, target);
                    },
                    cancels || next.cancels,
                    interrupts || next.interrupts);
        }
    }

    private static final Part END = new Part((_, target) -> target.end(), false, false);
    private static final Part CANCEL = new Part((scope, _) -> cancel(scope), true, false);
    private static final Part INTERRUPT =
            new Part((scope, _) -> strand(scope).thread().interrupt(), false, true);

    /** Tells the strand before there is anything to tell. */
    private static final Part CANCEL_TOO_LATE =
            new Part(
                    (scope, _) -> {
                        strand(scope).tell(false);
                        Request request = scope.ask("reason", false);
                        if (request != null) {
                            scope.raise(request);
                        }
                    },
                    true,
                    false);

    private static void cancel(ScopeNode scope) {
        Cancelling.cancel(scope, "reason", false, false, Cancelling.By.CALLER);
    }

    private static Strand strand(ScopeNode scope) {
        Strand strand = scope.strand();
        if (strand == null) {
            throw new IllegalStateException();
        }
        return strand;
    }

    private static Wake cancellable(Strand strand, Target target) {
        return strand.await(target, Nanos.NEVER);
    }

    private static Wake held(Strand strand, Target target) {
        return strand.awaitHeld(List.of(target), Nanos.NEVER, () -> {});
    }

    /** Looks for the end before it stands in the list. */
    private static Wake looksTooEarly(Strand strand, Target target) {
        while (!target.ended()) {
            Ending.Waiter waiter = target.enlist(strand.thread(), null, false);
            LockSupport.park();
            target.delist(waiter);
        }
        return Wake.DONE;
    }

    private static Strand taskOn(Thread thread) {
        return shared(Strand.ofTask(thread, new ScopeNode(null, 0), new Bare.End(), false));
    }

    /** A wait in a scope against what the other threads do, each of them a part. */
    private static void explored(Supplier<Target> make, Wait wait, Set<Wake> wakes, Part... parts) {
        boolean cancels = Stream.of(parts).anyMatch(Part::cancels);
        boolean interrupts = Stream.of(parts).anyMatch(Part::interrupts);
        exploreParking(() -> {
            Target target = shared(make.get());
            Strand strand = taskOn(Thread.currentThread());
            strand.start();
            ScopeNode scope = shared(new ScopeNode(strand.root(), 0));
            strand.enter(scope);
            Thread[] threads = new Thread[parts.length];
            for (int i = 0; i < threads.length; i++) {
                Action action = parts[i].action;
                threads[i] = new Thread(() -> action.run(scope, target));
                threads[i].start();
            }
            Wake wake = wait.run(strand, target);
            check(wakes.contains(wake), "woken by something else");
            check(wake != Wake.DONE || target.ended(), "done before the end");
            check(!lists(target, strand.thread()), "still listed");
            boolean flag = joinAll(threads);
            boolean told = wake == Wake.CANCELLED;
            if (!told) {
                told = strand.checkpoint() != null;
            } else {
                flag |= Thread.currentThread().isInterrupted();
                check(!flag, "told twice");
            }
            check(told == cancels, told ? "told of nothing" : "the cancellation is lost");
            check(!told || strand.delivered() == scope.own(), "told of another one");
            strand.leave(scope, told ? Shape.SIGNAL : Shape.NOTHING);
            boolean left = interrupts && wake != Wake.INTERRUPTED;
            check(Thread.interrupted() == left, left ? "an interrupt is lost" : "one strays");
            strand.deregister();
        });
    }

    private static boolean lists(Ending ending, Thread thread) {
        for (Ending.Waiter w = ending.waiters(); w != null; w = w.next) {
            if (w.thread == thread) {
                return true;
            }
        }
        return false;
    }

    /** Leaves the interrupt status set if it was, and says so. */
    private static boolean joinAll(Thread... threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            boolean joined = false;
            while (!joined) {
                try {
                    thread.join();
                    joined = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return interrupted;
    }

    private static void deadlocks(ThrowingCallable planted) {
        assertThatThrownBy(planted)
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("All unfinished threads are in deadlock");
    }

    // ---- one waiter ------------------------------------------------------------------------

    @Test
    void aCancellableWaitEndsByTheEndOrTheCancellationWhicheverItSees() {
        explored(
                Real::new,
                WaitProtocolTest::cancellable,
                Set.of(Wake.DONE, Wake.CANCELLED),
                END,
                CANCEL);
    }

    @Test
    void aCancellationAloneEndsACancellableWait() {
        explored(Real::new, WaitProtocolTest::cancellable, Set.of(Wake.CANCELLED), CANCEL);
    }

    @Test
    void whatHasEndedBeforeTheCancellationIsReturned() {
        explored(Real::new, WaitProtocolTest::cancellable, Set.of(Wake.DONE), END.then(CANCEL));
    }

    @Test
    void anInterruptOfAnothersEndsACancellableWaitOrIsLeftPending() {
        explored(
                Real::new,
                WaitProtocolTest::cancellable,
                Set.of(Wake.DONE, Wake.INTERRUPTED),
                INTERRUPT.then(END));
    }

    @Test
    void aHeldWaitEndsByTheEndAloneAndTheCancellationIsToldThenOrLater() {
        explored(Real::new, WaitProtocolTest::held, Set.of(Wake.DONE, Wake.CANCELLED), END, CANCEL);
    }

    @Test
    void aHeldWaitTellsAfterTheEndWhatCameBeforeIt() {
        explored(Real::new, WaitProtocolTest::held, Set.of(Wake.CANCELLED), CANCEL.then(END));
        explored(Real::new, WaitProtocolTest::held, Set.of(Wake.INTERRUPTED), INTERRUPT.then(END));
    }

    @Test
    void theCheckerSeesAnEndThatWakesTooEarly() {
        deadlocks(() ->
                explored(
                        WakesTooEarly::new, WaitProtocolTest::cancellable, Set.of(Wake.DONE), END));
        deadlocks(
                () -> explored(WakesTooEarly::new, WaitProtocolTest::held, Set.of(Wake.DONE), END));
    }

    @Test
    void theCheckerSeesACancellerThatTellsTooEarly() {
        deadlocks(() ->
                explored(
                        Real::new,
                        WaitProtocolTest::cancellable,
                        Set.of(Wake.CANCELLED),
                        CANCEL_TOO_LATE));
    }

    @Test
    void theCheckerSeesAWaiterThatLooksTooEarly() {
        deadlocks(
                () -> explored(Real::new, WaitProtocolTest::looksTooEarly, Set.of(Wake.DONE), END));
    }

    // ---- two waiters -----------------------------------------------------------------------

    private interface GiveUp {
        void run(Target target, Ending.Waiter waiter);
    }

    /** Sets the list to what it was before it came. */
    private static void dropsWhoCameLater(Target target, Ending.Waiter waiter) {
        WAITERS.setVolatile(target, waiter.next);
    }

    private static void besideOneThatGivesUp(GiveUp giveUp) {
        exploreParking(() -> {
            Target target = shared(new Real());
            Strand strand = taskOn(Thread.currentThread());
            strand.start();
            Thread other =
                    new Thread(() -> {
                        Ending.Waiter waiter = target.enlist(Thread.currentThread(), null, false);
                        giveUp.run(target, waiter);
                        target.end();
                    });
            other.start();
            check(strand.await(target, Nanos.NEVER) == Wake.DONE, "woken by something else");
            joinAll(other);
            check(target.waiters() == null, "still listed");
            strand.deregister();
        });
    }

    @Test
    void whoWaitsIsWokenBesideOneThatGivesUp() {
        besideOneThatGivesUp(Ending::delist);
    }

    @Test
    void theCheckerSeesOneThatGivesUpAndDropsAnother() {
        deadlocks(() -> besideOneThatGivesUp(WaitProtocolTest::dropsWhoCameLater));
    }

    /** Both wait under the lock of the waits; one of them is cancelled. */
    @Test
    void ofTwoTasksThatWaitTheOneThatIsCancelledLeavesTheOtherInTheList() {
        exploreParking(() -> {
            Target target = shared(new Real());
            Strand strand = taskOn(Thread.currentThread());
            strand.start();
            ScopeNode[] root = shared(new ScopeNode[1]);
            Wake[] wake = shared(new Wake[1]);
            Thread other =
                    new Thread(() -> {
                        Strand mine = taskOn(Thread.currentThread());
                        mine.start();
                        ScopeNode scope = new ScopeNode(mine.root(), 0);
                        mine.enter(scope);
                        cancel(scope);
                        wake[0] = mine.await(target, Nanos.NEVER);
                        mine.leave(scope, Shape.SIGNAL);
                        mine.deregister();
                        target.end();
                    });
            other.start();
            check(strand.await(target, Nanos.NEVER) == Wake.DONE, "woken by something else");
            joinAll(other);
            check(wake[0] == Wake.CANCELLED, "not cancelled");
            check(target.waiters() == null, "still listed");
            strand.deregister();
        });
    }

    // ---- a wait for something else besides -----------------------------------------------------

    private static void nudged(boolean tooEarly) {
        exploreParking(() -> {
            Target target = shared(new Real());
            AtomicBoolean enough = shared(new AtomicBoolean());
            Strand strand = taskOn(Thread.currentThread());
            strand.start();
            Thread other =
                    new Thread(() -> {
                        if (tooEarly) {
                            target.nudge();
                        }
                        enough.set(true);
                        if (!tooEarly) {
                            target.nudge();
                        }
                    });
            other.start();
            Wake wake = strand.await(target, enough::get, Nanos.NEVER);
            check(wake == Wake.DONE, "woken by something else");
            check(!lists(target, strand.thread()), "still listed");
            joinAll(other);
            strand.deregister();
        });
    }

    @Test
    void whoIsNudgedSeesThatItIsEnough() {
        nudged(false);
    }

    @Test
    void theCheckerSeesANudgeThatComesTooEarly() {
        deadlocks(() -> nudged(true));
    }
}
