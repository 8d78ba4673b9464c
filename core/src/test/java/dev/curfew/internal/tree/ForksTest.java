package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.TaskGroup;
import dev.curfew.testing.Blocked;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ForksTest {
    @Test
    void theTimeOfWhatWasNotNotedFollowsFromItsNeighbours() {
        Forks.Notes notes = new Forks.Notes(8);
        assertThat(notes.timeOf(5)).isNull();
        notes.add(10, 1_000);
        notes.add(20, 2_000);
        notes.add(15, 9_000); // a later one was noted before
        assertThat(notes.timeOf(10)).isEqualTo(1_000);
        assertThat(notes.timeOf(15)).isEqualTo(1_500);
        assertThat(notes.timeOf(5)).isEqualTo(1_000);
        assertThat(notes.timeOf(25)).isEqualTo(2_000);
    }

    @Test
    void aFixedTableIsEnoughAndTheYoungAreExact() {
        Forks.Notes notes = new Forks.Notes(64);
        for (long i = 1; i <= 100_000; i++) {
            notes.add(i, i * 100);
            assertThat(notes.size()).isLessThanOrEqualTo(64);
        }
        assertThat(notes.timeOf(100_000)).isEqualTo(10_000_000);
        assertThat(notes.timeOf(99_990)).isEqualTo(9_999_000);
        for (long id : new long[] {1, 77, 5_000, 50_000}) {
            assertThat(notes.timeOf(id)).isBetween(id * 100 - 100, id * 100 + 100);
        }
    }

    @Test
    void afterARushForksAreNotedAgain() throws Exception {
        TaskGroup.run(group -> {
            for (int i = 0; i < 5_000; i++) {
                group.fork(() -> null);
            }
        });
        long end = System.nanoTime() + 30_000_000_000L;
        while (!Forks.due()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
        CountDownLatch mayEnd = new CountDownLatch(1);
        long before = System.nanoTime();
        TaskGroup.run(group -> {
            var task = group.fork(() -> Blocked.await(mayEnd));
            assertThat(Forks.timeOf(task.id())).isBetween(before, System.nanoTime());
            mayEnd.countDown();
        });
    }

    @Test
    void theLevelIsSampledUnlessItIsSaid() {
        assertThat(Forks.Level.of(null)).isEqualTo(Forks.Level.SAMPLED);
        assertThat(Forks.Level.of("nonsense")).isEqualTo(Forks.Level.SAMPLED);
        assertThat(Forks.Level.of("off")).isEqualTo(Forks.Level.OFF);
        assertThat(Forks.Level.of("full")).isEqualTo(Forks.Level.FULL);
    }
}
