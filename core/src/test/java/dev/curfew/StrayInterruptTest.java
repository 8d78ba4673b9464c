package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 9, where a failure leaves instead of a cancellation that had been told. */
class StrayInterruptTest {

    @ParameterizedTest
    @EnumSource
    @Conformance({"TG18", "CU19"})
    void aStatusThatTheBodyHasSetAgainEndsWithTheScopeThoughAFailureLeftTheBlock(Kind kind)
            throws Exception {
        kind.run(() -> {
            CancelScope.run(scope -> {
                scope.cancel();
                try {
                    TaskGroup.run(group -> {
                        Task<?> task =
                                group.fork(() -> {
                                    throw new IllegalStateException("task");
                                });
                        while (task.state() != Task.State.FAILED) {
                            Thread.onSpinWait();
                        }
                        try {
                            CancelScope.checkpoint();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                } catch (TaskFailedException e) {
                    // and the cancellation is pending again
                }
            });
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }
}
