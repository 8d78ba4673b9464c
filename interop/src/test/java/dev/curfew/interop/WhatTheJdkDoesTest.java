package dev.curfew.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The JDK's side of the rows that compare: when it changes, they have to. */
class WhatTheJdkDoesTest {
    private static Object failing(Exception e) throws Exception {
        throw e;
    }

    @Test
    @Conformance("JV11")
    void aFailureDoesNotStopTheBody() throws Exception {
        IOException problem = new IOException("subtask");
        try (var scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow())) {
            scope.fork(() -> failing(problem));
            while (!scope.isCancelled()) {
                Thread.onSpinWait();
            }
            assertThat(new Semaphore(0).tryAcquire(20, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(catchThrowable(scope::join)).hasCause(problem);
        }
    }

    @Test
    @Conformance("JV12")
    void aSiblingsFailureInItsCleanUpIsDropped() throws Exception {
        IOException problem = new IOException("first");
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean thrown = new AtomicBoolean();
        Subtask<?> sibling;
        Throwable left;
        try (var scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow())) {
            sibling =
                    scope.fork(() -> {
                        try {
                            started.countDown();
                            return new CountDownLatch(1).await(1, TimeUnit.DAYS);
                        } finally {
                            thrown.set(true);
                            failing(new IllegalStateException("clean-up"));
                        }
                    });
            started.await();
            scope.fork(() -> failing(problem));
            left = catchThrowable(scope::join);
        }
        assertThat(thrown).isTrue();
        assertThat(left).hasCause(problem).hasNoSuppressedExceptions();
        assertThat(problem.getSuppressed()).isEmpty();
        assertThat(sibling.state()).isEqualTo(Subtask.State.UNAVAILABLE);
    }

    @Test
    @Conformance("JV13")
    void aForkAfterTheCancellationIsSilentAndNeverRuns() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        Subtask<?> late;
        try (var scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow())) {
            scope.fork(() -> failing(new IOException("subtask")));
            while (!scope.isCancelled()) {
                Thread.onSpinWait();
            }
            late =
                    scope.fork(() -> {
                        ran.set(true);
                        return 1;
                    });
            assertThat(catchThrowable(scope::join)).isNotNull();
        }
        assertThat(late.state()).isEqualTo(Subtask.State.UNAVAILABLE);
        assertThat(ran).isFalse();
    }
}
