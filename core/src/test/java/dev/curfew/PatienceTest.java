package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {

    @Test
    void fromReportToReportTheIntervalDoublesUpToSixtyFourTimesThePatience() {
        List<Long> intervals = new ArrayList<>();
        int times = 1;
        for (int i = 0; i < 9; i++) {
            intervals.add(Patience.after(10, times));
            times = Patience.slower(times);
        }
        assertThat(intervals).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 640L, 640L);
    }

    @Test
    void ofAnEndlessPatienceTheIntervalIsStillADateInTheFuture() {
        int times = 1;
        for (int i = 0; i < 9; i++) {
            assertThat(Patience.after(Long.MAX_VALUE, times))
                    .isPositive()
                    .isLessThanOrEqualTo(Long.MAX_VALUE / 4);
            times = Patience.slower(times);
        }
    }
}
