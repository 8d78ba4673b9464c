package dev.curfew.internal.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowingTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void manyOfOneKindAreToldEverMoreRarelyAndCounted() {
        Growing growing = new Growing();
        assertThat(growing.next("a", 5)).isEqualTo("a");
        assertThat(growing.next("b", 6)).isEmpty();
        assertThat(growing.next("c", SECOND)).isEmpty();
        assertThat(growing.next("d", SECOND + 5)).isEqualTo("d (and 2 more like it before)");
        assertThat(growing.next("e", 3 * SECOND + 4)).isEmpty();
        assertThat(growing.next("f", 3 * SECOND + 5)).isEqualTo("f (and 1 more like it before)");
    }

    @Test
    void theIntervalDoublesUpToAboutAMinute() {
        Growing growing = new Growing();
        long now = 0;
        assertThat(growing.next("told", now)).isEqualTo("told");
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 64, 64}) {
            now += seconds * SECOND;
            assertThat(growing.next("held back", now - 1)).isEmpty();
            assertThat(growing.next("told", now)).isEqualTo("told (and 1 more like it before)");
        }
    }

    @Test
    void theFirstIsToldWhateverTheClockSaysAndTheClockMayWrap() {
        assertThat(new Growing().next("a", Long.MIN_VALUE)).isEqualTo("a");
        Growing growing = new Growing();
        assertThat(growing.next("a", Long.MAX_VALUE - 5)).isEqualTo("a");
        assertThat(growing.next("b", Long.MIN_VALUE)).isEmpty();
        assertThat(growing.next("c", Long.MAX_VALUE - 5 + SECOND))
                .isEqualTo("c (and 1 more like it before)");
    }
}
