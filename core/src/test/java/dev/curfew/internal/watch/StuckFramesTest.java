package dev.curfew.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Stacks made up: what is said of each. */
class StuckFramesTest {
    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "File.java", 1);
    }

    private static StackTraceElement nativeFrame(String type, String method) {
        return new StackTraceElement(type, method, null, -2);
    }

    @Test
    void socketOnAVirtualThreadReacts() {
        StackTraceElement[] stack = {
            frame("java.lang.VirtualThread", "park"),
            frame("sun.nio.ch.NioSocketImpl", "park"),
            frame("sun.nio.ch.NioSocketImpl", "implRead"),
            frame("com.example.Client", "read"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, true)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, false)).isPresent();
    }

    @Test
    void driverCountsBeforeTheSocketThatItReads() {
        StackTraceElement[] stack = {
            frame("sun.nio.ch.NioSocketImpl", "park"),
            frame("java.net.Socket$SocketInputStream", "read"),
            frame("org.postgresql.core.PGStream", "receiveChar"),
            frame("com.example.Store", "load"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false).orElseThrow().text())
                .contains("statement::cancel");
    }

    @Test
    void theProgramsOwnFrameLiesBelowTheDriversTheJdksAndTheLibrarys() {
        StackTraceElement[] stack = {
            frame("org.h2.index.IndexCursor", "find"),
            frame("org.h2.jdbc.JdbcPreparedStatement", "executeQuery"),
            frame("com.example.Store", "lambda$load$0"),
            frame("dev.curfew.ScopeRun", "run"),
            frame("com.example.Store", "load"),
        };

        assertThat(StuckFrames.firstOfProgram(stack)).isEqualTo(2);
    }

    @Test
    void whoWasToldAndWaitsInACallThatReactsHasGoneOn() {
        StackTraceElement[] sleep = {
            frame("java.lang.Thread", "sleep"), frame("com.example.Main", "main"),
        };
        StackTraceElement[] lock = {
            frame("java.util.concurrent.locks.ReentrantLock", "lock"),
            frame("com.example.Main", "main"),
        };

        Thread.State waits = Thread.State.TIMED_WAITING;
        assertThat(StuckFrames.advice(waits, sleep, true, true)).contains(StuckAdvice.SWALLOWED);
        assertThat(StuckFrames.advice(waits, sleep, true, false)).isEmpty();
        assertThat(StuckFrames.advice(waits, lock, true, true)).contains(StuckAdvice.LOCK);
        assertThat(StuckFrames.advice(Thread.State.WAITING, sleep, true, true))
                .contains(StuckAdvice.SWALLOWED);
    }

    @Test
    void whatHasNotBegunWaitsForACarrier() {
        StackTraceElement[] none = {};

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, none, true))
                .contains(StuckAdvice.NO_CARRIER);
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, none, false)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.NEW, none, true)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.TERMINATED, none, true)).isEmpty();
    }

    @Test
    void anEmptyStackSaysNothingOfOneThatWasToldAndWaits() {
        StackTraceElement[] none = {};

        assertThat(StuckFrames.advice(Thread.State.WAITING, none, true, true)).isEmpty();
    }

    @Test
    void whatRunsComputesAndSoDoesWhatYieldsOrSpins() {
        StackTraceElement main = frame("com.example.Main", "main");
        StackTraceElement[] loop = {main};
        StackTraceElement[] jdk = {frame("java.util.HashMap", "get"), main};
        StackTraceElement[] yields = {nativeFrame("java.lang.Thread", "yield0"), main};
        StackTraceElement[] spins = {frame("java.lang.Thread", "onSpinWait"), main};

        for (StackTraceElement[] stack : new StackTraceElement[][] {loop, jdk, yields, spins}) {
            assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false))
                    .contains(StuckAdvice.BUSY);
        }
    }

    @Test
    void nativeCodeOfTheProgramsIsNamedAndOfTheJdksNothingIsKnown() {
        StackTraceElement main = frame("com.example.Main", "main");
        StackTraceElement[] own = {nativeFrame("com.example.Codec", "encode"), main};
        StackTraceElement[] jdk = {nativeFrame("java.lang.Thread", "holdsLock"), main};
        StackTraceElement[] other = {nativeFrame("java.util.zip.Inflater", "yieldBytes"), main};

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, own, false))
                .contains(StuckAdvice.NATIVE);
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, jdk, false)).isEmpty();
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, other, false)).isEmpty();
    }

    @Test
    void whatIsBlockedWaitsForAMonitor() {
        StackTraceElement[] stack = {frame("com.example.Main", "main")};

        assertThat(StuckFrames.advice(Thread.State.BLOCKED, stack, false))
                .contains(StuckAdvice.MONITOR);
    }

    @Test
    void theLibraryIsItsPackageAndWhatIsInsideAndNotWhatIsBesideThem() {
        StackTraceElement[] library = {
            frame("dev.curfew.internal.tree.Strand", "park"),
            frame("dev.curfew.TaskImpl$Cancellation", "join"),
            frame("com.example.Main", "main"),
        };
        StackTraceElement[] beside = {frame("dev.curfew.samples.Main", "main")};
        StackTraceElement[] longer = {frame("dev.curfewed.Main", "main")};

        assertThat(StuckFrames.firstOfProgram(library)).isEqualTo(2);
        assertThat(StuckFrames.firstOfProgram(beside)).isZero();
        assertThat(StuckFrames.firstOfProgram(longer)).isZero();
    }

    @Test
    void aStackOfTheJdksFramesAloneHasNoneOfTheProgram() {
        StackTraceElement[] stack = {
            frame("java.lang.Object", "wait"), frame("java.lang.Thread", "run"),
        };

        assertThat(StuckFrames.firstOfProgram(stack)).isEqualTo(2);
        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, false)).isEmpty();
    }

    @Test
    void callThatTheProgramMadeCountsNotWhatItIsMadeOf() {
        StackTraceElement[] stack = {
            frame("jdk.internal.misc.Unsafe", "park"),
            frame("java.util.concurrent.CompletableFuture", "join"),
            frame("java.util.concurrent.ExecutorService", "close"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, false).orElseThrow().text())
                .contains("shutdownNow()");
    }

    @Test
    void frameBelowTheProgramsOwnSaysNothing() {
        StackTraceElement[] stack = {
            frame("jdk.internal.misc.Unsafe", "park"),
            frame("java.util.concurrent.CountDownLatch", "await"),
            frame("com.example.Callback", "run"),
            frame("java.util.concurrent.CompletableFuture", "join"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, stack, false)).isEmpty();
    }

    @Test
    void nestedClassesBelongToTheirRuleAndLongerNamesDoNot() {
        StackTraceElement[] nested = {
            frame("java.util.concurrent.locks.ReentrantReadWriteLock$WriteLock", "lock"),
            frame("com.example.Main", "main"),
        };
        StackTraceElement[] other = {
            frame("java.util.concurrent.locks.ReentrantReadWriteLockish", "lock"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.WAITING, nested, false)).isPresent();
        assertThat(StuckFrames.advice(Thread.State.WAITING, other, false)).isEmpty();
    }

    @Test
    void fileChannelOnAVirtualThreadBelongsOnAPlatformThread() {
        StackTraceElement[] stack = {
            new StackTraceElement("sun.nio.ch.UnixFileDispatcherImpl", "read0", null, -2),
            frame("sun.nio.ch.FileChannelImpl", "read"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, true).orElseThrow().text())
                .contains("withThreadFactory");
        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false)).isEmpty();
    }

    @Test
    void fileChannelUnderAStreamOfFilesCountsAsTheStream() {
        StackTraceElement[] stack = {
            nativeFrame("sun.nio.ch.UnixFileDispatcherImpl", "read0"),
            frame("sun.nio.ch.FileChannelImpl", "read"),
            frame("sun.nio.ch.ChannelInputStream", "read"),
            frame("com.example.Main", "main"),
        };
        StackTraceElement[] cut = {frame("sun.nio.ch.FileChannelImpl", "read")};

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false))
                .contains(StuckAdvice.STREAM);
        assertThat(StuckFrames.advice(Thread.State.WAITING, cut, false)).isEmpty();
    }

    @Test
    void virtualThreadThatWasWokenAndDoesNotRunWaitsForACarrier() {
        StackTraceElement[] stack = {
            frame("java.lang.VirtualThread", "park"), frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, true).orElseThrow().text())
                .contains("carrier");
    }

    @Test
    void emptyStackAndUnknownWaitsGetNoAdvice() {
        StackTraceElement[] sleep = {
            frame("java.lang.Thread", "sleep"), frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, new StackTraceElement[0], false))
                .isEmpty();
        assertThat(StuckFrames.advice(Thread.State.TIMED_WAITING, sleep, false)).isEmpty();
    }

    @Test
    void fileReadIsKnown() throws IOException {
        try (FileInputStream in = new FileInputStream("/dev/null")) {
            assertThat(in.read()).isEqualTo(-1);
        }
        StackTraceElement[] stack = {
            new StackTraceElement("java.io.FileInputStream", "readBytes", null, -2),
            frame("java.io.BufferedInputStream", "fill"),
            frame("com.example.Main", "main"),
        };

        assertThat(StuckFrames.advice(Thread.State.RUNNABLE, stack, false).orElseThrow().text())
                .contains("System.in");
    }
}
