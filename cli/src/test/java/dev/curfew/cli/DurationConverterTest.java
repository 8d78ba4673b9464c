package dev.curfew.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.cli.text.Printable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    @ParameterizedTest
    @CsvSource({"500ms,500", "2s,2000", "1m30s,90000", "1.5s,1500", "2h,7200000", "0s,0"})
    void durationsAreReadAsPeopleTypeThem(String text, long millis) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "s", "-1s", "1s x", "99999999999h", "2 s"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class);
    }

    @Test
    void controlCharactersAreShownHarmlessly() {
        assertThat(Printable.of("a\u001b[31m\nb")).isEqualTo("a\uFFFD[31m\uFFFDb");
        assertThat(Printable.of("x".repeat(500))).hasSize(201);
    }
}
