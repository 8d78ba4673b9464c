package dev.curfew.internal.delivery;

import static dev.curfew.stress.Checked.check;
import static dev.curfew.stress.Checked.explore;
import static dev.curfew.stress.Checked.shared;
import static dev.curfew.stress.Checked.together;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hook's run against the end of its block, under a model checker. */
@Timeout(300)
class HookProtocolTest {
    private static final VarHandle STATE;
    private static final int QUEUED = 1;

    static {
        try {
            STATE =
                    MethodHandles.privateLookupIn(Hook.class, MethodHandles.lookup())
                            .findVarHandle(Hook.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private interface Run {
        void run();

        void close();

        /** How often it has acted; no synchronisation of its own. */
        int acts();

        boolean acting();
    }

    private static final class Real extends Hook {
        private int acts;
        private volatile boolean acting;

        @Override
        protected @Nullable Object gate() {
            return this;
        }

        @Override
        protected void actsFor(Object cause) {}

        @Override
        protected void act() {
            acting = true;
            acts++;
            acting = false;
        }

        @Override
        protected String label() {
            return "test";
        }
    }

    private static Run real() {
        Real hook = shared(new Real());
        STATE.setVolatile(hook, QUEUED);
        return new Run() {
            @Override
            public void run() {
                hook.run();
            }

            @Override
            public void close() {
                hook.close();
            }

            @Override
            public int acts() {
                return hook.acts;
            }

            @Override
            public boolean acting() {
                return hook.acting;
            }
        };
    }

    /** Closes without waiting for a run under way. */
    private static final class DoesNotWait implements Run {
        private volatile boolean closed;
        private volatile boolean acting;
        private int acts;

        @Override
        public void run() {
            if (!closed) {
                acting = true;
                acts++;
                acting = false;
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public int acts() {
            return acts;
        }

        @Override
        public boolean acting() {
            return acting;
        }
    }

    private static void runAgainstClose(Supplier<Run> make) {
        explore(() -> {
            Run hook = shared(make.get());
            int[] atClose = shared(new int[1]);
            together(
                    hook::run,
                    () -> {
                        hook.close();
                        check(!hook.acting(), "acts on what has been left");
                        atClose[0] = hook.acts();
                    });
            check(hook.acts() == atClose[0], "acted after its block");
        });
    }

    @Test
    void aHookHasActedToItsEndOrNotAtAllWhenItsBlockHasEnded() {
        runAgainstClose(HookProtocolTest::real);
    }

    @Test
    void theCheckerSeesABlockThatDoesNotWait() {
        assertThatThrownBy(() -> runAgainstClose(() -> new DoesNotWait()))
                .isInstanceOf(LincheckAssertionError.class);
    }
}
