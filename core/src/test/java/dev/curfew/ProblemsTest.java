package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private static Throwable withSuppressed(Throwable main, Throwable suppressed) {
        main.addSuppressed(suppressed);
        return main;
    }

    /** An exception with this and so many more above it. */
    private static Throwable under(Throwable innermost, int causes) {
        Throwable outermost = innermost;
        for (int i = 0; i < causes; i++) {
            outermost = new IOException(outermost);
        }
        return outermost;
    }

    @SuppressWarnings("serial")
    private static final class NoCause extends InterruptedException {
        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("from getCause");
        }
    }

    @SuppressWarnings("serial")
    private static final class TakesNone extends RuntimeException {
        TakesNone() {
            super(null, null, false, true);
        }
    }

    @Test
    void whatIsKeptIsSuppressedOnceAndNotWhereItIsAlready() {
        Exception cause = new Exception();
        Exception main = new Exception(cause);
        Exception extra = new Exception();
        assertThat(Problems.keep(main, main)).isTrue();
        assertThat(Problems.keep(main, cause)).isTrue();
        assertThat(main).hasNoSuppressedExceptions();
        assertThat(Problems.keep(main, extra)).isTrue();
        assertThat(Problems.keep(main, extra)).isTrue();
        Exception second = new Exception();
        assertThat(Problems.keep(main, second)).isTrue();
        assertThat(main.getSuppressed()).containsExactly(extra, second);
    }

    @Test
    void anExceptionThatTakesNoneSaysSo() {
        assertThat(Problems.keep(new TakesNone(), new Exception())).isFalse();
    }

    @Test
    void oneNoteOfAKindIsEnough() {
        Exception failure = new Exception();
        IOException first = new IOException();
        InterruptedException other = new InterruptedException();
        Problems.note(failure, first);
        Problems.note(failure, new IOException());
        Problems.note(failure, other);
        assertThat(failure.getSuppressed()).containsExactly(first, other);
    }

    @Test
    void aCauseThatThrowsIsNone() {
        Exception cause = new Exception();
        assertThat(Problems.cause(new Exception(cause))).isSameAs(cause);
        assertThat(Problems.cause(new NoCause())).isNull();
    }

    @Test
    void onlyAnInterruptionWithNothingOnItIsABareSignal() {
        assertThat(Problems.isBareSignal(new InterruptedException())).isTrue();
        assertThat(Problems.isBareSignal(new NoCause())).isTrue();
        assertThat(Problems.isBareSignal(new Exception())).isFalse();
        assertThat(Problems.isBareSignal(new InterruptedException().initCause(new Exception())))
                .isFalse();
        assertThat(
                        Problems.isBareSignal(
                                withSuppressed(new InterruptedException(), new Exception())))
                .isFalse();
    }

    @Test
    void aSignalCarriesMoreIfSomethingThatIsNoSignalIsSuppressedInItOrInACause() {
        Exception failure = new Exception();
        Throwable carries = withSuppressed(new InterruptedException(), failure);
        assertThat(Problems.carriesMore(new InterruptedException())).isFalse();
        assertThat(Problems.carriesMore(under(new InterruptedException(), 2))).isFalse();
        assertThat(
                        Problems.carriesMore(
                                withSuppressed(
                                        new InterruptedException(), new InterruptedException())))
                .isFalse();
        assertThat(Problems.carriesMore(carries)).isTrue();
        assertThat(Problems.carriesMore(under(carries, 2))).isTrue();
    }

    @Test
    void causesAreFollowedAHundredDeepAndNotRoundACycleForEver() {
        Throwable carries = withSuppressed(new InterruptedException(), new Exception());
        assertThat(Problems.carriesMore(under(carries, 99))).isTrue();
        assertThat(Problems.carriesMore(under(carries, 100))).isFalse();
        Exception one = new Exception();
        Exception other = new Exception(one);
        one.initCause(other);
        assertThat(Problems.carriesMore(one)).isFalse();
    }

    @Test
    void whatFailedInACleanUpIsReportedAndABareSignalIsNot() {
        Throwable carries = withSuppressed(new InterruptedException(), new Exception());
        List<String> told = new CopyOnWriteArrayList<>();
        List<Throwable> problems = new CopyOnWriteArrayList<>();
        try (Reports.Capture _ =
                Reports.capture((id, message, problem) -> {
                    if (message.contains("ProblemsTest") && problem != null) {
                        told.add((id == Report.CLEANUP_FAILED) + " " + message);
                        problems.add(problem);
                    }
                })) {
            Problems.reportCleanUp("ProblemsTest", new InterruptedException());
            Problems.reportCleanUp("ProblemsTest", carries);
        }
        assertThat(told)
                .containsExactly(
                        "true ProblemsTest was cancelled, and something failed in its clean-up");
        assertThat(problems).containsExactly(carries);
    }
}
