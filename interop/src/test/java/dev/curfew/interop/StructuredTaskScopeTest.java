package dev.curfew.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.CancelScope;
import dev.curfew.DeadlineExceededException;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StructuredTaskScopeTest {
    private static void forEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Test
    void aBlockInASubtaskIsStoppedWithTheScopeAndItsTasksAreAwaited() throws Exception {
        AtomicBoolean cleaned = new AtomicBoolean();
        AtomicReference<Task<?>> task = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        try (var scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow())) {
            scope.fork(() -> {
                TaskGroup.run(group ->
                        task.set(
                                group.fork(() -> {
                                    try {
                                        started.countDown();
                                        forEver();
                                    } finally {
                                        cleaned.set(true);
                                    }
                                })));
                return null;
            });
            scope.fork(() -> {
                started.await();
                throw new IOException("sibling");
            });
            assertThatThrownBy(scope::join).hasCauseInstanceOf(IOException.class);
        }
        assertThat(cleaned).isTrue();
        assertThat(task.get().state()).isEqualTo(Task.State.CANCELLED);
    }

    @Test
    void aScopeInATaskIsStoppedWithItAndItsSubtasksAreAwaited() throws Exception {
        AtomicBoolean cleaned = new AtomicBoolean();
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        try (var scope = StructuredTaskScope.open()) {
                            scope.fork(() -> {
                                try {
                                    started.countDown();
                                    forEver();
                                } finally {
                                    cleaned.set(true);
                                }
                                return null;
                            });
                            scope.join();
                        }
                    });
            started.await();
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(cleaned).isTrue();
        });
    }

    @Test
    void aTimeoutAroundAScopeAndAFailureThroughBoth() throws Exception {
        assertThatThrownBy(() ->
                        CancelScope.withTimeout(
                                Duration.ofMillis(20),
                                () -> {
                                    try (var scope = StructuredTaskScope.open()) {
                                        scope.fork(() -> {
                                            forEver();
                                            return 1;
                                        });
                                        scope.join();
                                    }
                                }))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        try (var scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow())) {
            scope.fork(() -> {
                TaskGroup.run(group ->
                        group.fork(() -> {
                            throw new IOException("deep");
                        }));
                return null;
            });
            assertThatThrownBy(scope::join)
                    .hasCauseInstanceOf(TaskFailedException.class)
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }
}
