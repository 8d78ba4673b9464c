package dev.curfew.internal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimesTest {
    @Test
    void eachTimeIsToldInTheUnitsThatSuitIt() {
        assertThat(Times.of(Duration.ZERO)).isEqualTo("0 ms");
        assertThat(Times.of(Duration.ofNanos(1_500))).isEqualTo("0.002 ms");
        assertThat(Times.of(Duration.ofMillis(20))).isEqualTo("20 ms");
        assertThat(Times.of(Duration.ofMillis(999))).isEqualTo("999 ms");
        assertThat(Times.of(Duration.ofSeconds(1))).isEqualTo("1 s");
        assertThat(Times.of(Duration.ofMillis(1_500))).isEqualTo("1.5 s");
        assertThat(Times.of(Duration.ofMillis(59_900))).isEqualTo("59.9 s");
        assertThat(Times.of(Duration.ofSeconds(60))).isEqualTo("1 min 0 s");
        assertThat(Times.of(Duration.ofSeconds(123))).isEqualTo("2 min 3 s");
        assertThat(Times.of(Duration.ofSeconds(3_599))).isEqualTo("59 min 59 s");
        assertThat(Times.of(Duration.ofSeconds(3_600))).isEqualTo("1 h 0 min");
        assertThat(Times.of(Duration.ofSeconds(2 * 3_600 + 7 * 60 + 59))).isEqualTo("2 h 7 min");
        assertThat(Times.of(Duration.ofSeconds(Long.MAX_VALUE)))
                .isEqualTo("2562047788015215 h 30 min");
    }
}
