package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final CancelReason REASON =
            CancelReason.of(CancelReason.Kind.TIMED_OUT, "", null, "", null, null);

    @Test
    void successGivesItsValueAlsoIfThatIsNull() {
        Outcome<@Nullable String> nothing = new Outcome.Succeeded<>(null);

        assertThat(new Outcome.Succeeded<>("value").get()).isEqualTo("value");
        assertThat(nothing.get()).isNull();
    }

    @Test
    void failureThrowsWithTheExceptionAsCause() throws Exception {
        Task<Integer> task = ExceptionsTest.task("fetch");
        IOException failure = new IOException("disk full");
        Outcome<Integer> outcome = new Outcome.Failed<>(task, failure);

        assertThatExceptionOfType(TaskFailedException.class)
                .isThrownBy(outcome::get)
                .withCause(failure)
                .satisfies(e -> assertThat(e.task()).containsSame(task));
    }

    @Test
    void cancellationThrowsWithReasonTaskAndWhatLeftTheBody() throws Exception {
        Task<Integer> task = ExceptionsTest.task("fetch");
        InterruptedException left = new InterruptedException();
        Outcome<Integer> outcome = new Outcome.Cancelled<>(task, REASON, left);

        assertThatExceptionOfType(TaskCancelledException.class)
                .isThrownBy(outcome::get)
                .withCause(left)
                .satisfies(e -> {
                    assertThat(e.task()).containsSame(task);
                    assertThat(e.reason()).isSameAs(REASON);
                });
    }

    @Test
    void switchOverOutcomesNeedsNoDefault() throws Exception {
        Task<Integer> task = ExceptionsTest.task("fetch");

        assertThat(kind(new Outcome.Succeeded<>(1))).isEqualTo("value 1");
        assertThat(kind(new Outcome.Failed<>(task, new Error("x")))).isEqualTo("failed x");
        assertThat(kind(new Outcome.Cancelled<>(null, REASON, null))).isEqualTo("TIMED_OUT");
    }

    private static String kind(Outcome<Integer> outcome) {
        return switch (outcome) {
            case Outcome.Succeeded<Integer>(Integer value) -> "value " + value;
            case Outcome.Failed<Integer>(_, Throwable problem) -> "failed " + problem.getMessage();
            case Outcome.Cancelled<Integer> cancelled -> cancelled.reason().kind().name();
        };
    }

    @Test
    void textIsReadable() throws Exception {
        Task<Integer> task = ExceptionsTest.task("fetch");

        assertThat(new Outcome.Succeeded<>(1)).hasToString("Succeeded[1]");
        assertThat(new Outcome.Failed<>(task, new Error("a\nb")).toString())
                .startsWith("Failed[task ")
                .endsWith("fetch: java.lang.Error: a\uFFFDb]");
        assertThat(new Outcome.Cancelled<>(null, REASON, null))
                .hasToString("Cancelled[" + REASON + "]");
    }
}
