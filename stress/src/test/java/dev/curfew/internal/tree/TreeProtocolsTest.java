package dev.curfew.internal.tree;

import static dev.curfew.stress.Checked.check;
import static dev.curfew.stress.Checked.explore;
import static dev.curfew.stress.Checked.shared;
import static dev.curfew.stress.Checked.together;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The handshakes of the tree under a model checker, each beside a copy with a planted bug, which
 * shows that the checker would see it.
 */
@Timeout(120)
class TreeProtocolsTest {

    // ---- fork against close -------------------------------------------------------------------

    private interface Door {
        boolean enter();

        void leave();

        void close();

        boolean closed();
    }

    private static Door members() {
        Bare.Group group = shared(new Bare.Group());
        return new Door() {
            @Override
            public boolean enter() {
                return group.enter();
            }

            @Override
            public void leave() {
                group.leave();
            }

            @Override
            public void close() {
                group.close();
            }

            @Override
            public boolean closed() {
                return group.ended();
            }
        };
    }

    /** Looks whether it is open, and then counts in. */
    private static final class LooksFirst implements Door {
        private final AtomicInteger live = new AtomicInteger();
        private volatile boolean closing;
        private volatile boolean closed;

        @Override
        public boolean enter() {
            if (closed) {
                return false;
            }
            live.incrementAndGet();
            return true;
        }

        @Override
        public void leave() {
            if (live.decrementAndGet() == 0 && closing) {
                closed = true;
            }
        }

        @Override
        public void close() {
            closing = true;
            if (live.get() == 0) {
                closed = true;
            }
        }

        @Override
        public boolean closed() {
            return closed;
        }
    }

    private static void forkAgainstClose(Supplier<Door> make) {
        explore(() -> {
            Door door = shared(make.get());
            Runnable fork =
                    () -> {
                        if (door.enter()) {
                            check(!door.closed(), "closed over a task that was let in");
                            door.leave();
                        }
                    };
            together(fork, fork, door::close);
            check(door.closed(), "never closed");
        });
    }

    @Test
    void aGroupNeverClosesOverATaskThatWasLetIn() {
        forkAgainstClose(TreeProtocolsTest::members);
    }

    @Test
    void theCheckerSeesADoorThatLooksFirst() {
        assertThatThrownBy(() -> forkAgainstClose(() -> new LooksFirst()))
                .isInstanceOf(LincheckAssertionError.class);
    }

    // ---- cancel against completion ------------------------------------------------------------

    private interface Ask {
        boolean ask();

        void seal();

        boolean asked();
    }

    private static Ask node() {
        ScopeNode node = shared(new ScopeNode(null, 0));
        return new Ask() {
            @Override
            public boolean ask() {
                return node.ask("reason", true) != null;
            }

            @Override
            public void seal() {
                node.seal();
            }

            @Override
            public boolean asked() {
                return node.own() != null;
            }
        };
    }

    /** Keeps the request and the end apart. */
    private static final class TwoFields implements Ask {
        private volatile boolean asked;
        private volatile boolean sealed;

        @Override
        public boolean ask() {
            if (sealed) {
                return false;
            }
            asked = true;
            return true;
        }

        @Override
        public void seal() {
            sealed = true;
        }

        @Override
        public boolean asked() {
            return asked;
        }
    }

    private static void cancelAgainstCompletion(Supplier<Ask> make) {
        explore(() -> {
            Ask node = shared(make.get());
            AtomicInteger inTime = new AtomicInteger();
            AtomicBoolean seen = new AtomicBoolean();
            Runnable cancel =
                    () -> {
                        if (node.ask()) {
                            inTime.incrementAndGet();
                        }
                    };
            together(
                    cancel,
                    cancel,
                    () -> {
                        node.seal();
                        seen.set(node.asked());
                    });
            check(seen.get() == inTime.get() > 0, "told in time, and not seen by the end");
        });
    }

    @Test
    void whoIsToldInTimeIsSeenByTheEnd() {
        cancelAgainstCompletion(TreeProtocolsTest::node);
    }

    @Test
    void theCheckerSeesARequestBesideTheEnd() {
        assertThatThrownBy(() -> cancelAgainstCompletion(() -> new TwoFields()))
                .isInstanceOf(LincheckAssertionError.class);
    }

    // ---- withdrawing against asking -------------------------------------------------------------

    @Test
    void ofARequestThatIsWithdrawnAndAnotherOneStands() {
        explore(() -> {
            ScopeNode node = shared(new ScopeNode(null, 0));
            Request first = node.ask("first", true);
            AtomicBoolean second = new AtomicBoolean();
            together(first::withdraw, () -> second.set(node.ask("second", true) != null));
            Request own = node.own();
            check(second.get() && own != null && own.asks() == 1, "lost the second request");
        });
    }

    // ---- join against end -----------------------------------------------------------------------

    private interface Awaited {
        /** Stands in the list, and says whether it has ended. */
        boolean enlist();

        void end();

        /** Whether somebody stands in the list whom nobody will wake. */
        boolean leftBehind();
    }

    private static Awaited ending() {
        Bare.End end = shared(new Bare.End());
        return new Awaited() {
            @Override
            public boolean enlist() {
                end.enlist(Thread.currentThread(), null, false);
                return end.ended();
            }

            @Override
            public void end() {
                end.end();
            }

            @Override
            public boolean leftBehind() {
                return end.enlisted();
            }
        };
    }

    /** Looks for the end before it stands in the list. */
    private static final class LooksBeforeEnlisting implements Awaited {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicBoolean waiting = new AtomicBoolean();

        @Override
        public boolean enlist() {
            boolean seen = ended.get();
            waiting.set(true);
            return seen;
        }

        @Override
        public void end() {
            ended.set(true);
            waiting.set(false);
        }

        @Override
        public boolean leftBehind() {
            return waiting.get();
        }
    }

    private static void joinAgainstEnd(Supplier<Awaited> make) {
        explore(() -> {
            Awaited end = shared(make.get());
            AtomicBoolean saw = new AtomicBoolean();
            together(() -> saw.set(end.enlist()), end::end);
            check(saw.get() || !end.leftBehind(), "sleeps through the end");
        });
    }

    @Test
    void noWaiterSleepsThroughTheEnd() {
        joinAgainstEnd(TreeProtocolsTest::ending);
    }

    @Test
    void theCheckerSeesAWaiterThatLooksTooEarly() {
        assertThatThrownBy(() -> joinAgainstEnd(() -> new LooksBeforeEnlisting()))
                .isInstanceOf(LincheckAssertionError.class);
    }

    @Test
    void whoGivesUpLeavesTheOthersInTheList() {
        explore(() -> {
            Bare.End end = shared(new Bare.End());
            Ending.Waiter stays = end.enlist(Thread.currentThread(), null, false);
            Ending.Waiter one = end.enlist(Thread.currentThread(), null, false);
            Ending.Waiter two = end.enlist(Thread.currentThread(), null, false);
            together(() -> end.delist(one), () -> end.delist(two));
            boolean found = false;
            for (Ending.Waiter w = end.waiters(); w != null; w = w.next) {
                check(w == stays, "who gave up is still listed");
                found = true;
            }
            check(found, "who waits was lost");
        });
    }

    // ---- deadlines ------------------------------------------------------------------------------

    @Test
    void aDeadlineIsMovedOrExpiresAndWhoFindsItExpiredFindsItAsked() {
        explore(() -> {
            ScopeNode node = shared(new ScopeNode(null, 0));
            Timing due = new Timing(System.nanoTime() - 1, null, () -> node.ask("due", false));
            Timing later = new Timing(due.deadline() + (1L << 60), null, () -> {});
            node.timing(null, due);
            AtomicBoolean moved = new AtomicBoolean();
            Runnable finder =
                    () -> {
                        node.expireIfDue();
                        check(!node.isOver() || node.own() != null, "expired, and not asked");
                    };
            together(finder, finder, () -> moved.set(node.timing(due, later)));
            check(moved.get() == (node.own() == null), "moved and expired");
        });
    }

    /** Claims first, and lets others go on before it has asked. */
    @Test
    void theCheckerSeesAFinderThatReliesOnTheClaim() {
        assertThatThrownBy(() ->
                        explore(() -> {
                            AtomicBoolean claimed = shared(new AtomicBoolean());
                            AtomicBoolean asked = shared(new AtomicBoolean());
                            Runnable finder =
                                    () -> {
                                        if (claimed.compareAndSet(false, true)) {
                                            asked.set(true);
                                        }
                                        check(asked.get(), "expired, and not asked");
                                    };
                            together(finder, finder);
                        }))
                .isInstanceOf(LincheckAssertionError.class);
    }

    // ---- marks ----------------------------------------------------------------------------------

    @Test
    void aScopeEnteredWhileItsTaskIsCancelledIsMarkedAndAShieldIsNot() {
        explore(() -> {
            Strand strand = shared(Bare.strand(new ScopeNode(null, 0)));
            ScopeNode scope = new ScopeNode(strand.root(), 0);
            ScopeNode shield = new ScopeNode(scope, Node.SHIELD);
            together(
                    () -> {
                        strand.enter(scope);
                        strand.enter(shield);
                    },
                    () -> Cancelling.cancel(strand.root(), "reason", true, false));
            check(scope.mark() != null, "the scope was missed");
            check(shield.mark() == null, "the shield was marked");
        });
    }

    /** Without weak memory: that is {@link BlockEntryAgainstCancel}'s. */
    @Test
    void aBlockEnteredWhileItsTaskIsCancelledIsMarkedWithItsTasks() {
        explore(() -> {
            Strand strand = shared(Bare.strand(new ScopeNode(null, 0)));
            Bare.Group group = shared(Bare.Group.ofBlock());
            BlockNode block = new BlockNode(strand.root(), group);
            Strand child = Bare.strand(block);
            together(
                    () -> {
                        strand.enter(block);
                        group.link(child);
                        child.bornInto();
                        block.forked();
                    },
                    () -> Cancelling.cancel(strand.root(), "reason", true, false));
            check(block.mark() != null, "the block was missed");
            check(child.root().mark() != null, "its task was missed");
        });
    }

    @Test
    void aTaskLinkedWhileItsGroupIsCancelledIsMarked() {
        explore(() -> {
            Bare.Group group = shared(new Bare.Group());
            BlockNode block = new BlockNode(null, group);
            Strand child = Bare.strand(block);
            together(
                    () -> {
                        group.enter();
                        group.link(child);
                        child.bornInto();
                    },
                    () -> Cancelling.cancel(block, "reason", false, false));
            check(child.root().mark() != null, "the task was missed");
        });
    }

    @Test
    void theCheckerSeesATaskThatLooksBeforeItIsLinked() {
        assertThatThrownBy(() ->
                        explore(() -> {
                            Bare.Group group = shared(new Bare.Group());
                            BlockNode block = new BlockNode(null, group);
                            Strand child = Bare.strand(block);
                            together(
                                    () -> {
                                        group.enter();
                                        child.bornInto();
                                        group.link(child);
                                    },
                                    () -> Cancelling.cancel(block, "reason", false, false));
                            check(child.root().mark() != null, "the task was missed");
                        }))
                .isInstanceOf(LincheckAssertionError.class);
    }

    @Test
    void ofAnInnerAndAnOuterCancellationTheOuterMarkStands() {
        explore(() -> {
            Strand strand = shared(Bare.strand(new ScopeNode(null, 0)));
            ScopeNode scope = new ScopeNode(strand.root(), 0);
            strand.enter(scope);
            together(
                    () -> Cancelling.cancel(strand.root(), "outer", true, false),
                    () -> Cancelling.cancel(scope, "inner", false, false));
            check(scope.mark() == strand.root().own(), "the inner mark stands");
        });
    }
}
