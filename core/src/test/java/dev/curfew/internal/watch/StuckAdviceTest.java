package dev.curfew.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StuckAdviceTest {
    @Test
    void allButWhatCouldStopByItselfIsDeaf() {
        assertThat(Arrays.stream(StuckAdvice.values()).filter(advice -> !advice.deaf()))
                .containsExactlyInAnyOrder(
                        StuckAdvice.BUSY, StuckAdvice.SWALLOWED, StuckAdvice.NO_CARRIER);
    }

    @Test
    void keysAreWrittenInSmallLettersWithDashes() {
        assertThat(StuckAdvice.FILE_CHANNEL.key()).isEqualTo("file-channel");
        assertThat(StuckAdvice.LOCK.key()).isEqualTo("lock");
    }
}
