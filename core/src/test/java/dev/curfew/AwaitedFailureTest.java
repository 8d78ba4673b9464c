package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.testing.Conformance;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A body that waits for the very task whose failure cancels the body: it is told of the failure,
 * whichever of the two comes first.
 */
@Timeout(60)
class AwaitedFailureTest {
    private static final int ROUNDS = 3_000;

    enum Wait {
        AWAIT {
            @Override
            void on(Task<Integer> task) throws InterruptedException {
                task.await();
            }
        },
        AWAIT_ALL {
            @Override
            void on(Task<Integer> task) throws InterruptedException {
                Tasks.awaitAll(List.of(task));
            }
        },
        JOIN {
            @Override
            void on(Task<Integer> task) throws InterruptedException {
                task.join().get();
            }
        },
        JOIN_ALL {
            @Override
            void on(Task<Integer> task) throws InterruptedException {
                assertThat(Tasks.joinAll(List.of(task)).pending()).isEmpty();
                task.outcome().orElseThrow().get();
            }
        };

        abstract void on(Task<Integer> task) throws InterruptedException;
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("CU18")
    void theBodyGetsTheFailureAndNotItsGroupsCancellationForIt(Wait wait) {
        for (int i = 0; i < ROUNDS; i++) {
            IOException problem = new IOException("task");
            AtomicReference<Throwable> seen = new AtomicReference<>();
            assertThatThrownBy(() ->
                            TaskGroup.run(group -> {
                                Task<Integer> task =
                                        group.fork(() -> {
                                            throw problem;
                                        });
                                seen.set(catchThrowable(() -> wait.on(task)));
                            }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
            assertThat(seen.get())
                    .as("round %d", i)
                    .isInstanceOf(TaskFailedException.class)
                    .hasCause(problem);
        }
    }
}
