package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Conformance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExceptionsTest {
    private static final CancelReason REASON =
            CancelReason.of(
                    CancelReason.Kind.REQUESTED, "user left", null, "thread main", null, null);

    /** A task that has ended. */
    static Task<Integer> task(String name) throws InterruptedException {
        List<Task<Integer>> forked = new ArrayList<>();
        TaskGroup.run(group -> forked.add(group.fork(name, () -> 1)));
        return forked.getFirst();
    }

    @SuppressWarnings("unchecked")
    private static <E> E copy(E original) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(original);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (E) in.readObject();
        }
    }

    @Test
    void ownCancellationIsAnInterruption() {
        IOException left = new IOException();
        CancelledException exception = new CancelledException(REASON, left);

        assertThat(exception)
                .isInstanceOf(InterruptedException.class)
                .hasCause(left)
                .hasMessageContaining(REASON.toString())
                .hasMessageContaining("let this exception leave");
        assertThat(exception.reason()).isSameAs(REASON);
        assertThat(new CancelledException(REASON)).hasNoCause();
    }

    @Test
    void othersCancellationIsACancellationExceptionAndNoInterruption() throws Exception {
        Task<Integer> task = task("fetch");
        TaskCancelledException exception = new TaskCancelledException(task, REASON, null);

        assertThat(exception)
                .isInstanceOf(CancellationException.class)
                .hasNoCause()
                .hasMessageContaining("fetch was cancelled: " + REASON);
        assertThat(exception.task()).containsSame(task);
        assertThat(exception.reason()).isSameAs(REASON);
        assertThat(new TaskCancelledException(null, REASON, null).task()).isEmpty();
    }

    @Test
    void oneFailureIsTheCause() throws Exception {
        Task<Integer> task = task("fetch");
        IOException failure = new IOException("disk full");
        TaskFailedException exception = new TaskFailedException(task, List.of(failure));

        assertThat(exception)
                .hasCause(failure)
                .hasNoSuppressedExceptions()
                .hasMessageEndingWith("fetch failed: java.io.IOException: disk full");
        assertThat(exception.task()).containsSame(task);
        assertThat(exception.failures()).containsExactly(failure);
    }

    @Test
    void manyFailuresAreAllKeptAndTheFirst32OfTheOthersSuppressed() {
        List<Exception> failures =
                IntStream.range(0, 100).mapToObj(i -> new Exception("failure " + i)).toList();

        TaskFailedException exception = new TaskFailedException(null, failures);

        assertThat(exception).hasCause(failures.getFirst());
        assertThat(exception.getSuppressed()).containsExactlyElementsOf(failures.subList(1, 33));
        assertThat(exception.failures()).containsExactlyElementsOf(failures);
        assertThat(exception).hasMessageContaining("failure 0 (and 99 more failures");
    }

    @Test
    void oneFailureTwiceIsNoError() {
        Exception failure = new Exception("one");

        TaskFailedException exception = new TaskFailedException(null, List.of(failure, failure));

        assertThat(exception).hasMessageContaining("(and one more failure");
    }

    @Test
    void rethrowThrowsACauseOfTheTypeAndReturnsOtherwise() {
        IOException failure = new IOException("disk full");
        TaskFailedException exception = new TaskFailedException(null, List.of(failure));

        assertThatThrownBy(() -> exception.rethrow(IOException.class)).isSameAs(failure);
        assertThatThrownBy(() -> exception.rethrow(Exception.class)).isSameAs(failure);
        assertThatCode(() -> exception.rethrow(InterruptedException.class))
                .doesNotThrowAnyException();
    }

    @Test
    void deadlineExceptionKnowsItsLimit() {
        Exception cut = new Exception();

        assertThat(new DeadlineExceededException(Duration.ofSeconds(2), "too slow", cut))
                .isNotInstanceOf(InterruptedException.class)
                .hasMessage("too slow")
                .hasCause(cut)
                .extracting(DeadlineExceededException::limit)
                .isEqualTo(java.util.Optional.of(Duration.ofSeconds(2)));
        assertThat(new DeadlineExceededException(null, "too slow", null).limit()).isEmpty();
    }

    @Test
    void unresponsiveTaskIsNamedWithItsStack() throws Exception {
        Task<Integer> task = task("fetch");
        StackTraceElement[] stack = new Throwable().getStackTrace();
        UnresponsiveTaskException exception =
                new UnresponsiveTaskException(task, REASON, "the report", stack);
        StackTraceElement first = stack[0];
        stack[0] = stack[1];

        assertThat(exception).hasMessage("the report");
        assertThat(exception.task()).containsSame(task);
        assertThat(exception.reason()).isSameAs(REASON);
        assertThat(exception.stack()).startsWith(first);
    }

    @Test
    void waitCycleNamesItself() {
        WaitCycleException exception = new WaitCycleException(List.of("a", "b"));

        assertThat(exception)
                .isInstanceOf(IllegalStateException.class)
                .isNotInstanceOf(CancellationException.class)
                .hasMessageContaining("a -> b -> a;");
        assertThat(exception.cycle()).containsExactly("a", "b");
        assertThat(new WaitCycleException(List.of("a"))).hasMessageContaining("a -> a;");
    }

    @Test
    void closedGroupTellsWhyItIsCancelled() {
        IOException failure = new IOException();

        GroupClosedException exception = new GroupClosedException("closed", REASON, failure);

        assertThat(exception)
                .isInstanceOf(IllegalStateException.class)
                .isNotInstanceOf(CancellationException.class)
                .hasMessage("closed")
                .hasCause(failure);
        assertThat(exception.reason()).containsSame(REASON);
        assertThat(new GroupClosedException("closed", null, null).reason()).isEmpty();
    }

    @Test
    @Conformance("IN10")
    void serializedCopyKeepsAllButTheTask() throws Exception {
        Task<Integer> task = task("fetch");
        CancelReason reason =
                CancelReason.of(CancelReason.Kind.REQUESTED, "why", task, "task fetch", null, null);
        TaskCancelledException cancelled = new TaskCancelledException(task, reason, null);
        TaskFailedException failed =
                new TaskFailedException(task, List.of(new IOException("x"), new Error("y")));
        StackTraceElement[] stack = new Throwable().getStackTrace();
        UnresponsiveTaskException stuck = new UnresponsiveTaskException(task, reason, "r", stack);

        // The messages as they are before: writing one keeps the text of that time.
        String cancelledText = cancelled.getMessage();
        String failedText = failed.getMessage();

        assertThat(copy(cancelled)).hasMessage(cancelledText);
        assertThat(copy(cancelled).task()).isEmpty();
        assertThat(copy(cancelled).reason()).hasToString(reason.toString());
        assertThat(copy(cancelled).reason().requester()).isEmpty();
        assertThat(copy(failed)).hasMessage(failedText);
        assertThat(copy(failed).failures()).hasSize(2);
        assertThat(copy(stuck)).hasMessage("r");
        assertThat(copy(stuck).stack()).containsExactly(stack);
        assertThat(copy(new CancelledException(reason)).reason()).hasToString(reason.toString());
        assertThat(copy(new WaitCycleException(List.of("a"))).cycle()).containsExactly("a");
        assertThat(copy(new GroupClosedException("c", reason, null)).reason()).isPresent();
        assertThat(copy(new DeadlineExceededException(Duration.ZERO, "d", null)).limit())
                .contains(Duration.ZERO);
    }
}
