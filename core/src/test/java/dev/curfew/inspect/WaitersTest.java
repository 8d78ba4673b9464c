package dev.curfew.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.Completions;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.Tasks;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** By whatever call a task waits, the tree says so. */
@Timeout(60)
class WaitersTest {
    enum Wait {
        JOIN {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                task.join();
            }
        },
        JOIN_WITHIN {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                task.joinWithin(Duration.ofDays(1)).orElseThrow();
            }
        },
        AWAIT {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                task.await();
            }
        },
        CANCEL_AND_JOIN {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                task.cancelAndJoin();
            }
        },
        JOIN_ALL {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                Tasks.joinAll(List.of(task));
            }
        },
        AWAIT_ALL {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                Tasks.awaitAll(List.of(task, task));
            }
        },
        JOIN_FIRST {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                Tasks.joinFirst(List.of(task));
            }
        },
        COMPLETIONS {
            @Override
            void on(Task<Void> task) throws InterruptedException {
                try (Completions<Void> completions = Tasks.completions(List.of(task))) {
                    completions.next().orElseThrow();
                }
            }
        };

        abstract void on(Task<Void> task) throws InterruptedException;
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("IN09")
    void whoWaitsAndForWhomCanBeRead(Wait wait) throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("WaitersTest");
        Task<Void> last = group.fork("last", () -> Blocked.uninterruptibly(mayEnd));
        Task<Void> first = group.fork("first", () -> wait.on(last));
        Task<Void> second = group.fork("second", () -> wait.on(last));
        try {
            Blocked.until(() -> {
                TaskTree tree = TaskTree.snapshot();
                return waits(tree, first) && waits(tree, second);
            });
            TaskTree tree = TaskTree.snapshot();
            assertThat(tree.entry("" + first.id()).flatMap(Entry::waiting).flatMap(Waiting::onId))
                    .contains("" + last.id());
            assertThat(tree.entry("" + last.id()).orElseThrow().awaitedBy())
                    .containsExactlyInAnyOrder(
                            "WaitersTest/first [" + first.id() + "]",
                            "WaitersTest/second [" + second.id() + "]");
        } finally {
            mayEnd.countDown();
            group.close();
        }
    }

    private static boolean waits(TaskTree tree, Task<?> task) {
        return tree.entry("" + task.id()).flatMap(Entry::waiting).flatMap(Waiting::on).isPresent();
    }
}
