package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group counts the first fork of its owner, which often is the only one, like all others. */
@Timeout(60)
class FirstForkTest {
    private static final int MANY = 100;

    @Test
    void aFirstForkThatFailsLeavesNoTraceInTheCount() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        AtomicInteger ran = new AtomicInteger();
        TaskGroup.run(
                config ->
                        config.withThreadFactory(task -> {
                            if (first.getAndSet(false)) {
                                throw new IllegalStateException("no thread");
                            }
                            return Thread.ofVirtual().unstarted(task);
                        }),
                group -> {
                    assertThatThrownBy(() -> group.fork(() -> {})).hasMessage("no thread");
                    assertThat(group.tasks()).isEmpty();
                    for (int i = 0; i < MANY; i++) {
                        group.fork(ran::incrementAndGet);
                    }
                });
        assertThat(ran).hasValue(MANY);
    }

    @Test
    void aForkInTheMiddleOfTheFirstOneIsCountedToo() throws Exception {
        AtomicReference<TaskGroup> open = new AtomicReference<>();
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        TaskGroup.run(
                config ->
                        config.withThreadFactory(task -> {
                            TaskGroup group = open.getAndSet(null);
                            if (group != null) {
                                group.fork(() -> {
                                    go.await();
                                    ran.incrementAndGet();
                                });
                            }
                            return Thread.ofVirtual().unstarted(task);
                        }),
                group -> {
                    open.set(group);
                    group.fork(() -> {
                        go.await();
                        ran.incrementAndGet();
                    });
                    assertThat(group.tasks()).hasSize(2);
                    assertThat(group.toString()).contains(", 2 tasks");
                    go.countDown();
                });
        assertThat(ran).hasValue(2);
    }

    @Test
    void theFirstTaskIsAmongThePresentOnesUntilItEnds() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch go = new CountDownLatch(1);
            List<Task<?>> forked = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                forked.add(group.fork(() -> go.await()));
                assertThat(group.tasks()).containsExactlyInAnyOrderElementsOf(forked);
                assertThat(group.toString()).contains(", " + (i + 1) + " tasks");
            }
            go.countDown();
            group.join();
            assertThat(group.tasks()).isEmpty();
        });
    }
}
