package dev.curfew.internal.delivery;

import static dev.curfew.stress.Checked.check;
import static dev.curfew.stress.Checked.explore;
import static dev.curfew.stress.Checked.shared;
import static dev.curfew.stress.Checked.together;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deliverer against an owner that leaves its scope, under a model checker. */
@Timeout(120)
class DeliveryProtocolTest {
    private static final VarHandle SIGNAL;

    static {
        try {
            SIGNAL =
                    MethodHandles.privateLookupIn(Receiver.class, MethodHandles.lookup())
                            .findVarHandle(Receiver.class, "signal", Signal.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Owner extends Taking {
        private volatile boolean inside = true;

        Owner(Thread thread) {
            super(thread, RUNNING);
        }

        @Override
        protected @Nullable Object wanted(boolean again) {
            return inside ? this : null;
        }

        @Override
        protected boolean ownsFlag() {
            return false;
        }

        void leave() {
            inside = false;
            if (take() != Sent.NONE) {
                clearInterrupt();
            }
        }

        /** Takes notice first, and moves afterwards. */
        void leaveTheWrongWayRound() {
            if (take() != Sent.NONE) {
                clearInterrupt();
            }
            inside = false;
        }
    }

    /** What a canceller and a delivery thread do, one after the other. */
    private static void deliver(Owner owner) {
        if (owner.wanted(false) != null) {
            Signal fresh = new Signal(owner, Signal.PENDING);
            if (SIGNAL.compareAndSet(owner, null, fresh)) {
                owner.send(fresh);
            }
        }
    }

    private static void leaveAgainstDelivery(Consumer<Owner> leave) {
        explore(() -> {
            Owner owner = shared(new Owner(Thread.currentThread()));
            Thread deliverer = new Thread(() -> deliver(owner));
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
            Owner owner = shared(new Owner(Thread.currentThread()));
            Signal signal = shared(new Signal(owner, Signal.PENDING));
            AtomicInteger claims = shared(new AtomicInteger());
            Runnable deliverer =
                    () -> {
                        if (signal.move(Signal.PENDING, Signal.SENDING)) {
                            claims.incrementAndGet();
                        }
                    };
            together(deliverer, deliverer);
            check(claims.get() == 1, "claimed by both or by none");
        });
    }
}
