package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReasonsTest {
    @Test
    void aRequestIsTheTasksThatMakesItOrElseTheThreads() throws Exception {
        List<CancelReason> byTask = new ArrayList<>();
        List<Task<?>> tasks = new ArrayList<>();
        TaskGroup.run(
                config -> config.withName("ReasonsTest"),
                group ->
                        tasks.add(
                                group.fork(
                                        "asks",
                                        () -> {
                                            byTask.add(
                                                    Reasons.requested(
                                                            CancelReason.Kind.SHUTDOWN, "why"));
                                        })));
        CancelReason byThread = Reasons.requested(CancelReason.Kind.REQUESTED, "");

        assertThat(byTask.getFirst().requester()).isEqualTo(Optional.of(tasks.getFirst()));
        assertThat(byTask.getFirst().requestedBy()).isEqualTo("task ReasonsTest/asks");
        assertThat(byTask.getFirst().kind()).isEqualTo(CancelReason.Kind.SHUTDOWN);
        assertThat(byTask.getFirst().message()).isEqualTo("why");
        assertThat(byThread.requester()).isEmpty();
        assertThat(byThread.requestedBy())
                .isEqualTo("thread " + Text.nameOf(Thread.currentThread()));
    }

    @Test
    void whatAGroupWasCancelledForIsFoundInItsReason() throws Exception {
        IOException failure = new IOException("disk full");
        TaskImpl<?> task = (TaskImpl<?>) ExceptionsTest.task("fetch");
        CancelReason reason = Reasons.siblingFailed(task, failure);

        assertThat(reason.kind()).isEqualTo(CancelReason.Kind.SIBLING_FAILED);
        assertThat(reason.requestedBy()).isEqualTo("task " + task.name());
        assertThat(Reasons.failure(reason).failures()).containsExactly(failure);
        assertThat(Reasons.failure(reason).task()).isEqualTo(Optional.of(task));
    }

    @Test
    void aDeadlineIsNobodysRequest() {
        CancelReason reason = Reasons.timedOut("too slow");

        assertThat(reason.kind()).isEqualTo(CancelReason.Kind.TIMED_OUT);
        assertThat(reason.message()).isEqualTo("too slow");
        assertThat(reason.requester()).isEmpty();
        assertThat(reason.requestedBy()).isEmpty();
    }
}
