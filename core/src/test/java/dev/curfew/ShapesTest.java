package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.tree.Shape;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapesTest {
    private static final CancelReason REASON =
            CancelReason.of(CancelReason.Kind.REQUESTED, "", null, "", null, null);

    private static Throwable under(Throwable innermost, int causes) {
        Throwable outermost = innermost;
        for (int i = 0; i < causes; i++) {
            outermost = new IllegalStateException(outermost);
        }
        return outermost;
    }

    private static List<Throwable> signals() {
        return List.of(
                new InterruptedException(),
                new CancelledException(REASON),
                new ClosedByInterruptException(),
                new FileLockInterruptionException(),
                new InterruptedIOException());
    }

    private static List<Throwable> othersEnds() throws Exception {
        return List.of(
                new TaskFailedException(null, List.of(new InterruptedException())),
                new TaskCancelledException(null, REASON, new InterruptedException()),
                new DeadlineExceededException(null, "too slow", new InterruptedException()),
                new UnresponsiveTaskException(
                                ExceptionsTest.task("fetch"),
                                REASON,
                                "stuck",
                                new StackTraceElement[0])
                        .initCause(new InterruptedException()));
    }

    @Test
    void aBodyThatReturnedLeftNothing() {
        assertThat(Shapes.of(null)).isEqualTo(Shape.NOTHING);
    }

    @Test
    void anInterruptionIsASignalAlsoWhereItIsWrapped() {
        assertThat(signals())
                .allSatisfy(signal -> {
                    assertThat(Shapes.of(signal)).isEqualTo(Shape.SIGNAL);
                    assertThat(Shapes.of(under(signal, 2))).isEqualTo(Shape.SIGNAL);
                });
        assertThat(Shapes.of(new Error(new InterruptedException()))).isEqualTo(Shape.SIGNAL);
    }

    @Test
    void aSocketsTimeoutIsNone() {
        assertThat(Shapes.of(new SocketTimeoutException())).isEqualTo(Shape.EXCEPTION);
    }

    @Test
    void howSomethingElseEndedIsNoSignalWhateverItsCauses() throws Exception {
        assertThat(othersEnds())
                .allSatisfy(end -> {
                    assertThat(Shapes.of(end)).isEqualTo(Shape.FIRM);
                    assertThat(Shapes.of(under(end, 2))).isEqualTo(Shape.FIRM);
                });
    }

    @Test
    void aSocketExceptionCountsAsOneUnlessASignalIsBelowIt() {
        assertThat(Shapes.of(new SocketException())).isEqualTo(Shape.SOCKET);
        assertThat(Shapes.of(new UncheckedIOException(new SocketException())))
                .isEqualTo(Shape.SOCKET);
        assertThat(Shapes.of(new SocketException().initCause(new IOException())))
                .isEqualTo(Shape.SOCKET);
        assertThat(Shapes.of(new SocketException().initCause(new InterruptedException())))
                .isEqualTo(Shape.SIGNAL);
    }

    @Test
    void anErrorIsFirmAndAnyOtherExceptionIsOne() {
        assertThat(Shapes.of(new Error(new Exception()))).isEqualTo(Shape.FIRM);
        assertThat(Shapes.of(new Exception(new Error()))).isEqualTo(Shape.EXCEPTION);
    }

    @Test
    void aRefusedForkIsFoundWhereverItIsInTheCauses() {
        GroupClosedException refusal = new GroupClosedException("closed", null, null);
        assertThat(Shapes.isRefusal(refusal)).isTrue();
        assertThat(Shapes.isRefusal(under(refusal, 2))).isTrue();
        assertThat(Shapes.isRefusal(under(new IOException(), 2))).isFalse();
    }

    @Test
    void causesAreFollowedAHundredDeepAndNotRoundACycleForEver() {
        GroupClosedException refusal = new GroupClosedException("closed", null, null);
        assertThat(Shapes.of(under(new InterruptedException(), 99))).isEqualTo(Shape.SIGNAL);
        assertThat(Shapes.of(under(new InterruptedException(), 100))).isEqualTo(Shape.EXCEPTION);
        assertThat(Shapes.isRefusal(under(refusal, 99))).isTrue();
        assertThat(Shapes.isRefusal(under(refusal, 100))).isFalse();
        Exception one = new Exception();
        Exception other = new Exception(one);
        one.initCause(other);
        assertThat(Shapes.of(one)).isEqualTo(Shape.EXCEPTION);
        assertThat(Shapes.isRefusal(one)).isFalse();
    }

    @Test
    void whatIsSneakedIsThrownAsItIs() {
        IOException thrown = new IOException();
        assertThatThrownBy(
                        () -> {
                            throw Shapes.<RuntimeException>sneak(thrown);
                        })
                .isSameAs(thrown);
    }
}
