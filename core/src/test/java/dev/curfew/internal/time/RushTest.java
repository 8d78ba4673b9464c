package dev.curfew.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RushTest {
    private static final long DAY = 86_400_000_000_000L;

    @Test
    void whatIsRarePassesAndOfARushTheFirst() {
        Rush rush = new Rush(3, DAY);

        assertThat(rush.due()).isTrue();
        assertThat(rush.take()).isTrue();
        assertThat(rush.take()).isTrue();
        assertThat(rush.take()).isTrue();
        assertThat(rush.due()).isFalse();
        assertThat(rush.take()).isFalse();
    }

    @Test
    void afterAPauseTheNextPassesHoweverLate() {
        Rush rush = new Rush(1, 1_000_000);
        assertThat(rush.take()).isTrue();

        long end = System.nanoTime() + 30_000_000_000L;
        while (!rush.due() && System.nanoTime() < end) {
            LockSupport.parkNanos(100_000);
        }

        assertThat(rush.take()).isTrue();
    }

    @Test
    void tokensComeBackUpToTheBurst() {
        Rush rush = new Rush(2, 1);
        LockSupport.parkNanos(1_000_000);

        assertThat(rush.take()).isTrue();
        assertThat(rush.take()).isTrue();
        assertThat(rush.due()).isTrue();
    }
}
