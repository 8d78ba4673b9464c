package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Jvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Main programs in JVMs of their own, with real signals; and what can be seen from inside. */
class RunnerTest {

    private static Jvm.End run(String program) throws Exception {
        try (Jvm jvm = Jvm.start(RunnerPrograms.class, program)) {
            return jvm.end();
        }
    }

    /** Sends the signal once the program says that it is ready. */
    private static Jvm.End signalled(String program, String signal) throws Exception {
        try (Jvm jvm = Jvm.start(RunnerPrograms.class, program)) {
            return jvm.awaitLine("ready").signal(signal).end();
        }
    }

    private static void assertPrintedOnce(Jvm.End end, String problem) {
        assertThat(end.err()).startsWith("Exception in thread \"main\" ").containsOnlyOnce(problem);
    }

    // ---- the end of its own ------------------------------------------------------------------

    @Test
    void aProgramThatReturnsEndsWithZeroAndSaysNothing() throws Exception {
        assertThat(run("returns")).isEqualTo(new Jvm.End(0, List.of("done"), ""));
    }

    @Test
    void aThreadThatSomebodyLeftRunningDoesNotHoldTheJvm() throws Exception {
        assertThat(run("leavesThread").code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"fails,java.io.IOException: the disk is full", "failsBadly,too deep"})
    void aFailureIsPrintedOnceAndTheCodeIsOne(String program, String problem) throws Exception {
        Jvm.End end = run(program);
        assertThat(end.code()).isEqualTo(1);
        assertPrintedOnce(end, problem);
    }

    @Test
    void aTasksFailureStopsTheProgramLoudlyAfterEverybodysCleanUp() throws Exception {
        Jvm.End end = run("taskFails");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out()).containsExactlyInAnyOrder("sibling cleaned up", "main cleaned up");
        assertPrintedOnce(end, "Caused by: java.io.IOException: no route");
    }

    @Test
    void aProgramMaySayItsExitCode() throws Exception {
        assertThat(run("code").code()).isEqualTo(42);
    }

    @Test
    void theDefaultHandlerIsToldOnceAndMayEndTheJvm() throws Exception {
        Jvm.End end = run("handlerExits");
        assertThat(end.code()).isEqualTo(7);
        assertThat(end.out()).containsExactly("told the disk is full");
        assertThat(end.err()).isEmpty();
    }

    @Test
    void aHandlerThatThrowsLosesNothing() throws Exception {
        Jvm.End end = run("handlerThrows");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.err()).contains("handler is broken", "the disk is full");
    }

    // ---- signals -----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    @Conformance("CL12")
    void aSignalCancelsBodyAndTasksAndTheJvmWaitsForTheirCleanUp(String signal, int code)
            throws Exception {
        Jvm.End end = signalled("waits", signal);
        assertThat(end.code()).isEqualTo(code);
        assertThat(end.out())
                .containsExactlyInAnyOrder(
                        "ready",
                        "main told SHUTDOWN SIG" + signal,
                        "main cleaned up",
                        "task cleaned up");
        assertThat(end.err()).isEmpty();
    }

    @Test
    @Conformance("CL12")
    void aProgramThatWasCancelledAlreadyStaysCancelledForItsFirstReason() throws Exception {
        Jvm.End end = signalled("cancelledByHand", "INT");
        assertThat(end.code()).isEqualTo(130);
        assertThat(end.out()).containsExactly("ready", "undisturbed", "REQUESTED");
        assertThat(end.err()).isEmpty();
    }

    @Test
    @Conformance("SH20")
    void afterThePatienceEverythingStuckIsNamedAndTheJvmIsLetGo() throws Exception {
        Jvm.End end = signalled("shieldedForGood", "TERM");
        assertThat(end.code()).isEqualTo(143);
        assertThat(end.err())
                .startsWith(
                        "curfew: main has not ended 300 ms after SIGTERM; the JVM ends without it")
                .contains("it is in a shield", "RunnerPrograms.shielded")
                .contains("task main/stubborn", "RunnerPrograms.blockForGood")
                .containsOnlyOnce("task main/stubborn")
                .doesNotContain("polite");
    }

    @ParameterizedTest
    @CsvSource({"failsWhileStopping,cannot save", "suppressesWhileStopping,cannot flush"})
    void aFailureWhileStoppingIsPrintedOnceBeforeTheJvmEnds(String program, String problem)
            throws Exception {
        Jvm.End end = signalled(program, "TERM");
        assertThat(end.code()).isEqualTo(143);
        assertPrintedOnce(end, problem);
    }

    @Test
    void aProgramThatBeginsWhenTheJvmIsEndingAlreadyBeginsCancelled() throws Exception {
        Jvm.End end = signalled("beginsLate", "TERM");
        assertThat(end.code()).isEqualTo(143);
        assertThat(end.out())
                .containsExactly("ready", "begun", "main told SHUTDOWN SIGTERM", "main cleaned up");
    }

    @Test
    void theJvmIsLetGoAlsoIfNobodyReadsItsLastWords() throws Exception {
        try (Jvm jvm = Jvm.startWithUnreadErr(RunnerPrograms.class, "errIsFull")) {
            assertThat(jvm.awaitLine("ready").signal("TERM").end().code()).isEqualTo(143);
        }
    }

    // ---- System.exit -------------------------------------------------------------------------

    @Test
    void exitInTheBodyStopsTheTasksAndDoesNotHang() throws Exception {
        Jvm.End end = run("exitInBody");
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.out()).containsExactly("task cleaned up");
        assertThat(end.err()).isEmpty();
    }

    @Test
    void exitInATaskStopsBodyAndSiblingsAndDoesNotHang() throws Exception {
        Jvm.End end = run("exitInTask");
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.out())
                .containsExactlyInAnyOrder(
                        "sibling cleaned up", "inner cleaned up", "main cleaned up");
        assertThat(end.err()).isEmpty();
    }

    @Test
    void exitInTheCleanUpAfterASignalDoesNotHang() throws Exception {
        Jvm.End end = signalled("exitInCleanUp", "TERM");
        assertThat(end.code()).isEqualTo(143);
        assertThat(end.out()).containsExactly("ready", "task cleaned up");
        assertThat(end.err()).isEmpty();
    }

    @Test
    void exitByAnotherThreadCancelsTheProgramAndWaits() throws Exception {
        Jvm.End end = run("exitOutside");
        assertThat(end.code()).isEqualTo(6);
        assertThat(end.out()).contains("main cleaned up", "task cleaned up");
    }

    @Test
    void aProgramIsNotStartedInAJvmThatIsEnding() throws Exception {
        assertThat(run("tooLate").out())
                .containsExactly("the JVM is ending, so the main program is not started any more");
    }

    // ---- from inside -------------------------------------------------------------------------

    @Test
    void theBodyRunsOnAVirtualThreadOfItsOwnUnlessAFactoryIsSet() {
        AtomicReference<Thread> runner = new AtomicReference<>();
        assertThat(Runner.run(_ -> runner.set(Thread.currentThread()))).isZero();
        assertThat(runner.get().isVirtual()).isTrue();
        assertThat(runner.get().getName()).isEqualTo("main");
        int code =
                Runner.run(
                        config ->
                                config.withName("server")
                                        .withThreadFactory(Thread.ofPlatform().factory()),
                        group -> {
                            runner.set(Thread.currentThread());
                            assertThat(group.name()).isEqualTo("server");
                        });
        assertThat(code).isZero();
        assertThat(runner.get().isVirtual()).isFalse();
        assertThat(runner.get().getName()).isEqualTo("server");
    }

    @Test
    void runsMayFollowEachOtherAndRunBesideEachOther() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        AtomicReference<Integer> other = new AtomicReference<>();
        VoidBlock<RuntimeException> meet =
                _ -> {
                    both.countDown();
                    Blocked.await(both);
                };
        Thread second = Thread.ofPlatform().start(() -> other.set(Runner.run(meet)));
        assertThat(Runner.run(meet)).isZero();
        second.join();
        assertThat(other.get()).isZero();
    }

    @Test
    void insideATaskABlockOrAScopeItIsRefused() throws Exception {
        VoidWork<RuntimeException> refused =
                () ->
                        assertThatThrownBy(() -> Runner.run(_ -> {}))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("use TaskGroup.run there");
        TaskGroup.run(group -> group.fork(refused).await());
        TaskGroup.run(_ -> refused.run());
        CancelScope.shield(refused::run);
        assertThat(Runner.run(_ -> refused.run())).isZero();
    }

    @Test
    void anInterruptOfTheCallerCancelsIsWaitedForAndStaysSet() {
        AtomicBoolean cleaned = new AtomicBoolean();
        Thread caller = Thread.currentThread();
        int code =
                Runner.run(group -> {
                    try {
                        caller.interrupt();
                        CancelScope.sleep(Duration.ofMinutes(1));
                    } finally {
                        assertThat(group.reason().orElseThrow().kind())
                                .isEqualTo(CancelReason.Kind.INTERRUPTED);
                        CancelScope.shield(() -> CancelScope.sleep(Duration.ofMillis(50)));
                        cleaned.set(true);
                    }
                });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(cleaned).isTrue();
        assertThat(code).isEqualTo(130);
    }

    @Test
    void cancelledByHandItEndsWithZeroAndWithoutACodeOfItsOwnWithOne() {
        assertThat(
                        Runner.run(group -> {
                            group.cancel("enough");
                            CancelScope.checkpoint();
                        }))
                .isZero();
        withHandler(told -> {
            assertThat(
                            Runner.call(group -> {
                                group.cancel("enough");
                                CancelScope.checkpoint();
                                return 3;
                            }))
                    .isEqualTo(1);
            assertThat(told.get()).isInstanceOf(TaskCancelledException.class);
        });
    }

    @Test
    void whatFailsInTheCleanUpOfAProgramThatCancelledItselfIsTold() {
        withHandler(told -> {
            int code =
                    Runner.run(group -> {
                        group.cancel("enough");
                        try {
                            CancelScope.checkpoint();
                        } catch (InterruptedException e) {
                            e.addSuppressed(new IllegalStateException("cannot save"));
                            throw e;
                        }
                    });
            assertThat(code).isEqualTo(1);
            assertThat(told.get().getSuppressed()).hasSize(1);
        });
    }

    private static void withHandler(Consumer<AtomicReference<Throwable>> assertions) {
        AtomicReference<Throwable> told = new AtomicReference<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, problem) -> told.set(problem));
        try {
            assertions.accept(told);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
