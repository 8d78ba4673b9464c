package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.curfew.internal.time.Nanos;
import dev.curfew.testing.Conformance;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    @Test
    void deadlineAheadHasTimeLeftAndIsNotDue() {
        Deadline deadline = Deadline.after(Duration.ofHours(1));

        assertThat(deadline.isDue()).isFalse();
        assertThat(deadline.remaining().orElseThrow())
                .isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
    }

    @Test
    void deadlineAfterNoTimeIsDueWithNothingLeft() {
        Deadline deadline = Deadline.after(Duration.ZERO);

        assertThat(deadline.isDue()).isTrue();
        assertThat(deadline.remaining()).contains(Duration.ZERO);
    }

    @Test
    @Conformance("TO23")
    void negativeTimeIsRefusedWithWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadline.after(Duration.ofNanos(-1)))
                .withMessageContaining("PT-0.000000001S")
                .withMessageContaining("zero or more");
    }

    @Test
    @Conformance("TO23")
    @SuppressWarnings("DataFlowIssue") // what null does is the test
    void nullIsRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> Deadline.after(null))
                .withMessage("limit");
        assertThatNullPointerException().isThrownBy(() -> Deadline.at(null)).withMessage("time");
    }

    @Test
    void longestTimeIsCutAndNotDue() {
        assertThat(Deadline.after(LONGEST).isDue()).isFalse();
        assertThat(Deadline.after(LONGEST).remaining().orElseThrow())
                .isGreaterThan(Duration.ofDays(365 * 70));
        assertThat(Deadline.at(Instant.MAX).isDue()).isFalse();
    }

    @Test
    void pointInThePastIsDue() {
        assertThat(Deadline.at(Instant.now().minusSeconds(1)).isDue()).isTrue();
        assertThat(Deadline.at(Instant.MIN).isDue()).isTrue();
        assertThat(Deadline.at(Instant.MIN).remaining()).contains(Duration.ZERO);
    }

    @Test
    void pointAheadHasTheTimeUntilThenLeft() {
        assertThat(Deadline.at(Instant.now().plusSeconds(3600)).remaining().orElseThrow())
                .isBetween(Duration.ofMinutes(50), Duration.ofMinutes(61));
    }

    @Test
    void neverIsNotDueAndHasNoTimeLeft() {
        assertThat(Deadline.never().isDue()).isFalse();
        assertThat(Deadline.never().remaining()).isEmpty();
        assertThat(Deadline.ofNanos(Nanos.NEVER)).isSameAs(Deadline.never());
    }

    @Test
    void textSaysHowFarAhead() {
        assertThat(Deadline.never()).hasToString("Deadline[never]");
        assertThat(Deadline.after(Duration.ZERO)).hasToString("Deadline[due]");
        assertThat(Deadline.after(Duration.ofHours(2)).toString())
                .startsWith("Deadline[in PT1H59M");
    }
}
