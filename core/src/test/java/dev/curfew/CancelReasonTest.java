package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Conformance;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CancelReasonTest {
    private static CancelReason reason(CancelReason.Kind kind, String message, String by) {
        return CancelReason.of(kind, message, null, by, null, null);
    }

    @Test
    @Conformance("TC18")
    void reasonTellsKindTextRequesterAndTime() {
        Instant before = Instant.now();
        CancelReason reason =
                reason(CancelReason.Kind.REQUESTED, "user left", "task checkout/fetch");

        assertThat(reason.kind()).isEqualTo(CancelReason.Kind.REQUESTED);
        assertThat(reason.message()).isEqualTo("user left");
        assertThat(reason.requestedBy()).isEqualTo("task checkout/fetch");
        assertThat(reason.requester()).isEmpty();
        assertThat(reason.cause()).isEmpty();
        assertThat(reason.where()).isEmpty();
        assertThat(reason.when()).isBetween(before, Instant.now());
    }

    @Test
    void theTaskThatAskedIsKnown() throws Exception {
        Task<Integer> task = ExceptionsTest.task("fetch");

        assertThat(CancelReason.of(CancelReason.Kind.REQUESTED, "", task, "", null, null))
                .extracting(CancelReason::requester)
                .isEqualTo(Optional.of(task));
    }

    @Test
    void textIsOneReadableLine() {
        assertThat(
                        reason(CancelReason.Kind.REQUESTED, "user left", "task checkout/fetch")
                                .toString())
                .matches(
                        "REQUESTED \"user left\" by task checkout/fetch at"
                                + " \\d\\d:\\d\\d:\\d\\d\\.\\d{3}");
        assertThat(reason(CancelReason.Kind.TIMED_OUT, "", "").toString())
                .matches("TIMED_OUT at [0-9:.]{12}");
    }

    @Test
    void textOfUsersCannotBreakTheLine() {
        assertThat(reason(CancelReason.Kind.REQUESTED, "a\nb", "thread x\ny").toString())
                .startsWith("REQUESTED \"a\uFFFDb\" by thread x\uFFFDy at ");
    }

    @Test
    void failureThatCancelledIsNamed() {
        IOException failure = new IOException("disk full");
        CancelReason reason =
                CancelReason.of(
                        CancelReason.Kind.SIBLING_FAILED, "", null, "task g/a", failure, null);

        assertThat(reason.cause()).containsSame(failure);
        assertThat(reason.toString())
                .startsWith("SIBLING_FAILED by task g/a at ")
                .endsWith(" because of java.io.IOException: disk full");
    }

    @Test
    void stackThatAskedIsKeptAndCannotBeChanged() {
        StackTraceElement here = new Throwable().getStackTrace()[0];
        CancelReason reason =
                CancelReason.of(CancelReason.Kind.REQUESTED, "", null, "", null, Site.here());

        assertThat(reason.where().getFirst().getMethodName()).isEqualTo(here.getMethodName());
        assertThat(reason.where().getFirst().getClassName()).isEqualTo(here.getClassName());
        assertThatThrownBy(() -> reason.where().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
