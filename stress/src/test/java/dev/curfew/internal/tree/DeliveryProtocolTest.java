package dev.curfew.internal.tree;

import static dev.curfew.stress.Checked.check;
import static dev.curfew.stress.Checked.explore;
import static dev.curfew.stress.Checked.shared;
import static dev.curfew.stress.Checked.together;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deliverer against an owner that leaves its scope, under a model checker. */
@Timeout(120)
class DeliveryProtocolTest {
    private static final class Owner extends Taking {
        private volatile boolean inside = true;

        Owner(Thread thread) {
            super(null, 0, thread, RUNNING);
        }

        @Override
        protected @Nullable Object wanted(boolean again) {
            return inside ? this : null;
        }

        @Override
        protected boolean ownsFlag() {
            return false;
        }

        @Override
        protected boolean awaitsEnd() {
            return false;
        }

        @Override
        public @Nullable Strand strand() {
            return null;
        }

        void leave() {
            inside = false;
            if (take() != null) {
                clearInterrupt();
            }
        }

        /** Takes notice first, and moves afterwards. */
        void leaveTheWrongWayRound() {
            if (take() != null) {
                clearInterrupt();
            }
            inside = false;
        }
    }

    private static void leaveAgainstDelivery(Consumer<Owner> leave) {
        explore(() -> {
            Owner owner = shared(new Owner(Thread.currentThread()));
            Thread deliverer = new Thread(() -> owner.send(0));
            deliverer.start();
            leave.accept(owner);
            boolean stray = Thread.interrupted();
            while (deliverer.isAlive()) {
                try {
                    deliverer.join();
                } catch (InterruptedException e) {
                    stray = true;
                }
            }
            stray |= Thread.interrupted();
            check(!stray, "an interrupt strays");
        });
    }

    @Test
    void noInterruptStraysOutOfAScopeThatWasLeft() {
        leaveAgainstDelivery(Owner::leave);
    }

    @Test
    void theCheckerSeesAnOwnerThatMovesTooLate() {
        assertThatThrownBy(() -> leaveAgainstDelivery(Owner::leaveTheWrongWayRound))
                .isInstanceOf(LincheckAssertionError.class);
    }

    @Test
    void ofTwoDeliverersOneSends() {
        explore(() -> {
            AtomicInteger sent = shared(new AtomicInteger());
            Thread counting =
                    new Thread() {
                        @Override
                        public void interrupt() {
                            sent.incrementAndGet();
                            super.interrupt();
                        }
                    };
            Owner owner = shared(new Owner(counting));
            together(() -> owner.send(0), () -> owner.send(0));
            check(sent.get() == 1, "sent by both or by none");
        });
    }
}
