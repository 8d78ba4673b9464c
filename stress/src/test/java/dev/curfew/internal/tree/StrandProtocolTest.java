package dev.curfew.internal.tree;

import static dev.curfew.stress.Checked.check;
import static dev.curfew.stress.Checked.explore;
import static dev.curfew.stress.Checked.shared;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A whole strand, its tree and its delivery, under a model checker: the owner moves through scopes,
 * while another thread cancels and sends the interrupt itself.
 */
@Timeout(300)
class StrandProtocolTest {

    /** The owner's part of a scenario. */
    private interface Part {
        void run(Strand strand, ScopeNode scope, Runnable joinOthers);
    }

    /** A task's strand on the calling thread, with a scope that another thread cancels. */
    private static void explored(Part owner, Consumer<ScopeNode> canceller) {
        explore(() -> {
            Strand strand =
                    shared(
                            Strand.ofTask(
                                    Thread.currentThread(),
                                    new ScopeNode(null, 0),
                                    new Bare.End(),
                                    false));
            strand.start();
            ScopeNode scope = shared(new ScopeNode(strand.root(), 0));
            strand.enter(scope);
            Thread other = new Thread(() -> canceller.accept(scope));
            other.start();
            boolean[] joined = new boolean[1];
            Runnable join =
                    () -> {
                        boolean interrupted = false;
                        while (!joined[0]) {
                            try {
                                other.join();
                                joined[0] = true;
                            } catch (InterruptedException e) {
                                interrupted = true;
                            }
                        }
                        if (interrupted) {
                            Thread.currentThread().interrupt();
                        }
                    };
            owner.run(strand, scope, join);
            join.run();
            check(!Thread.interrupted(), "an interrupt strays");
        });
    }

    private static void cancel(ScopeNode node) {
        Cancelling.cancel(node, "reason", false, false, Cancelling.By.CALLER);
    }

    @Test
    void whenAScopeIsLeftNothingOfItsCancellationIsUnderWay() {
        explored(
                (strand, scope, _) -> strand.leave(scope, Shape.NOTHING),
                StrandProtocolTest::cancel);
    }

    @Test
    void theCheckerSeesACancellationThatIsSentAfterItsScope() {
        assertThatThrownBy(() ->
                        explored(
                                (strand, scope, _) -> strand.leave(scope, Shape.NOTHING),
                                scope -> {
                                    cancel(scope);
                                    Strand strand = scope.strand();
                                    if (strand != null) {
                                        strand.thread().interrupt();
                                    }
                                }))
                .isInstanceOf(LincheckAssertionError.class);
    }

    @Test
    void nothingShowsInAShieldAndWhatCameBeforeItsEndIsThereAfterwards() {
        explored(
                (strand, scope, _) -> {
                    ScopeNode shield = new ScopeNode(scope, Node.SHIELD);
                    strand.enter(shield);
                    check(!Thread.currentThread().isInterrupted(), "shows after the entry");
                    check(strand.checkpoint() == null, "delivered in the shield");
                    boolean before = scope.own() != null && scope.mark() != null;
                    check(!Thread.currentThread().isInterrupted(), "shows before the exit");
                    strand.leave(shield, Shape.NOTHING);
                    boolean told = strand.checkpoint() != null;
                    check(told || !before, "lost in the shield");
                    strand.leave(scope, told ? Shape.SIGNAL : Shape.NOTHING);
                },
                StrandProtocolTest::cancel);
    }

    @Test
    void aRequestThatIsWithdrawnWhileItIsDeliveredLeavesNothingBehind() {
        explored(
                (strand, scope, joinOthers) -> {
                    Cancelling.withdraw(strand);
                    joinOthers.run();
                    Cancelling.withdraw(strand);
                    check(strand.root().own() == null, "a request is left");
                    check(strand.checkpoint() == null, "the withdrawn request is delivered");
                    check(!Thread.currentThread().isInterrupted(), "its interrupt is left");
                    strand.leave(scope, Shape.NOTHING);
                },
                scope -> {
                    Strand strand = scope.strand();
                    Cancelling.cancel(strand.root(), "reason", true, true, Cancelling.By.CALLER);
                });
    }
}
