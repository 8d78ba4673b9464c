package dev.curfew.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosTest {
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    @Test
    void durationTooLongForALongIsCut() {
        assertThat(Nanos.of(LONGEST)).isEqualTo(Long.MAX_VALUE);
        assertThat(Nanos.of(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
        assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE - 1_000_000_000L)))
                .isEqualTo(Long.MAX_VALUE - 1_000_000_000L);
        assertThat(Nanos.of(Duration.ofNanos(-1))).isEqualTo(-1);
        assertThat(Nanos.of(Duration.ofSeconds(9_223_372_036L, 999_999_999)))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Nanos.of(Duration.ofSeconds(-9_223_372_036L)))
                .isEqualTo(-9_223_372_036_000_000_000L);
        assertThat(Nanos.of(Duration.ofSeconds(-9_223_372_037L))).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void longestDurationMakesADeadlineThatStillCompares() {
        long deadline = Nanos.fromNow(LONGEST);

        assertThat(deadline).isNotEqualTo(Nanos.NEVER);
        assertThat(Nanos.isDue(deadline)).isFalse();
        assertThat(Nanos.remaining(deadline)).isGreaterThan(Duration.ofDays(365 * 70).toNanos());
        assertThat(Nanos.earlier(deadline, System.nanoTime())).isNotEqualTo(deadline);
    }

    @Test
    void negativeDurationCountsAsZero() {
        assertThat(Nanos.after(7, Duration.ofSeconds(-5))).isEqualTo(7);
        assertThat(Nanos.after(7, Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(7);
    }

    @Test
    void theStartOfADeadlineIsTheTimeThatItWasMadeAt() {
        for (Duration limit :
                new Duration[] {
                    Duration.ofSeconds(-5), Duration.ZERO, Duration.ofSeconds(5), LONGEST
                }) {
            assertThat(Nanos.start(Nanos.after(7, limit), limit)).isEqualTo(7);
        }
    }

    @Test
    @Conformance("CK08")
    void deadlineEqualToNowIsDue() {
        assertThat(Nanos.isDue(7, 7)).isTrue();
        assertThat(Nanos.isDue(7, 8)).isTrue();
        assertThat(Nanos.isDue(8, 7)).isFalse();
        assertThat(Nanos.isDue(Nanos.fromNow(Duration.ZERO))).isTrue();
        assertThat(Nanos.isDue(System.nanoTime())).isTrue();
    }

    @Test
    void deadlineAheadIsNotDue() {
        assertThat(Nanos.isDue(Nanos.fromNow(Duration.ofHours(1)))).isFalse();
    }

    @Test
    void neverIsNotDueAndComesAfterEverything() {
        long far = Nanos.fromNow(LONGEST);

        assertThat(Nanos.isDue(Nanos.NEVER)).isFalse();
        assertThat(Nanos.remaining(Nanos.NEVER)).isEqualTo(Long.MAX_VALUE);
        assertThat(Nanos.earlier(far, Nanos.NEVER)).isEqualTo(far);
        assertThat(Nanos.earlier(Nanos.NEVER, far)).isEqualTo(far);
        assertThat(Nanos.earlier(Nanos.NEVER, Nanos.NEVER)).isEqualTo(Nanos.NEVER);
    }

    @Test
    void noDeadlineMadeFromADurationIsNever() {
        assertThat(Nanos.after(Long.MAX_VALUE - 10, Duration.ofNanos(10)))
                .isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    void deadlinesOnBothSidesOfTheClocksWrapCompare() {
        long before = Long.MAX_VALUE - 10;
        long after = Nanos.after(before, Duration.ofNanos(100));

        assertThat(after).isNegative();
        assertThat(Nanos.earlier(before, after)).isEqualTo(before);
        assertThat(Nanos.earlier(after, before)).isEqualTo(before);
    }
}
