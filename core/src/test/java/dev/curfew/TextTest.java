package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void ordinaryTextStaysAsItIs() {
        assertThat(Text.harmless("checkout/fetch \u00fc \ud83d\ude00"))
                .isEqualTo("checkout/fetch ü 😀");
        assertThat(Text.harmless("")).isEmpty();
    }

    @Test
    void whatBreaksALineOrATerminalIsReplaced() {
        assertThat(Text.harmless("a\r\nb\u001b[31mc\u2028d\u202ee\ud800f\u0085"))
                .isEqualTo("a\uFFFD\uFFFDb\uFFFD[31mc\uFFFDd\uFFFDe\uFFFDf\uFFFD");
    }

    @Test
    void longTextIsCutAtACharacter() {
        assertThat(Text.harmless("x".repeat(1_000_000))).isEqualTo("x".repeat(400) + "…");
        assertThat(Text.harmless("x".repeat(399) + "\ud83d\ude00y"))
                .isEqualTo("x".repeat(399) + "…");
        assertThat(Text.harmless("x".repeat(400))).isEqualTo("x".repeat(400));
    }

    @Test
    void aThreadWithoutANameIsNamedByItsNumber() {
        Thread nameless = Thread.ofVirtual().unstarted(() -> {});

        assertThat(Text.nameOf(nameless)).isEqualTo("#" + nameless.threadId());
        assertThat(Text.nameOf(Thread.ofVirtual().name("worker").unstarted(() -> {})))
                .isEqualTo("worker");
    }

    @Test
    void aTimeIsWrittenAsPeopleDo() {
        assertThat(Text.of(Duration.ofSeconds(123))).isEqualTo("2 min 3 s");
    }

    @Test
    void exceptionIsDescribedInOneLine() {
        assertThat(Text.describe(new IllegalStateException("no\nluck")))
                .isEqualTo("java.lang.IllegalStateException: no\uFFFDluck");
        assertThat(Text.describe(new IllegalStateException()))
                .isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void exceptionWhoseMessageThrowsIsStillDescribed() {
        class Broken extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }
        }

        assertThat(Text.describe(new Broken())).isEqualTo(Broken.class.getName());
    }
}
