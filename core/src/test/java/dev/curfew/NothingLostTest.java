package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rule 7: every failure ends up where somebody sees it, and once. */
class NothingLostTest {
    private record Reported(Report id, Throwable problem) {}

    private final List<Reported> reports = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Reports.Capture capture =
            Reports.capture((id, message, problem) -> {
                messages.add(message);
                reports.add(new Reported(id, problem));
            });

    @AfterEach
    void release() {
        capture.close();
    }

    private static final IllegalStateException CLOSING = new IllegalStateException("close failed");

    private static Object failing(Exception e) throws Exception {
        throw e;
    }

    /** Blocks; what its clean-up throws is suppressed in the signal, as Java does it. */
    private static VoidWork<?> failsInCleanUp(CountDownLatch started) {
        return () -> {
            try (AutoCloseable _ = () -> failing(CLOSING)) {
                started.countDown();
                Blocked.forEver();
            }
        };
    }

    private void assertCleanUpReportedOnce() {
        assertThat(reports).extracting(Reported::id).containsExactly(Report.CLEANUP_FAILED);
        assertThat(reports.getFirst().problem()).hasSuppressedException(CLOSING);
    }

    @Test
    @Conformance({"TG10", "CL13", "CU13"})
    void cleanUpThatFailsInASiblingNobodyAsksAboutIsReported() {
        IOException problem = new IOException("first");
        assertThatThrownBy(() ->
                        TaskGroup.run(group -> {
                            CountDownLatch started = new CountDownLatch(1);
                            group.fork(failsInCleanUp(started));
                            Blocked.await(started);
                            group.fork(() -> failing(problem));
                        }))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(problem);
        assertCleanUpReportedOnce();
    }

    @Test
    @Conformance("CU13")
    void cleanUpThatFailsInATaskWhoseOutcomeWasReadIsNotReported() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> task = group.fork(failsInCleanUp(started));
            Blocked.await(started);
            assertThat(task.cancelAndJoin())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.exception()).hasSuppressedException(CLOSING));
        });
        assertThat(reports).isEmpty();
    }

    @Test
    @Conformance("CU13")
    void cleanUpThatFailsInATaskCancelledByHandIsReportedByTheBlock() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> task = group.fork(failsInCleanUp(started));
            Blocked.await(started);
            task.cancel();
        });
        assertCleanUpReportedOnce();
    }

    @Test
    @Conformance({"CL13", "CU13"})
    void cleanUpThatFailsInATaskOfAClosedServiceGroupIsReported() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        CountDownLatch started = new CountDownLatch(1);
        group.fork(failsInCleanUp(started));
        Blocked.await(started);
        group.close();
        assertCleanUpReportedOnce();
    }

    @Test
    @Conformance("CU13")
    void cleanUpThatFailsInTheBodyOfABlockCancelledByHandIsReported() throws Exception {
        TaskGroup.run(group -> {
            group.cancel();
            failsInCleanUp(new CountDownLatch(1)).run();
        });
        assertCleanUpReportedOnce();
    }

    @Test
    @Conformance("LK03")
    void aCancelledTaskThatNobodyReadAndWhoseCleanUpWentWellIsNotReported() throws Exception {
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() -> {
                        started.countDown();
                        Blocked.forEver();
                    });
            Blocked.await(started);
            task.cancel();
        });
        assertThat(reports).isEmpty();
    }

    @Test
    @Conformance("LK02")
    void withoutAHandlerEachFailureOfAServiceGroupGoesToTheLogOnceByName() throws Exception {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        ServiceGroup group = ServiceGroup.open("service");
        group.fork("one", () -> failing(first));
        group.fork("two", () -> failing(second));
        group.join();
        group.close();
        assertThat(messages)
                .hasSize(2)
                .anySatisfy(m -> assertThat(m).startsWith("task service/one failed"))
                .anySatisfy(m -> assertThat(m).startsWith("task service/two failed"));
        assertThat(reports)
                .containsExactlyInAnyOrder(
                        new Reported(Report.FAILURE_UNREAD, first),
                        new Reported(Report.FAILURE_UNREAD, second));
    }

    @Test
    @Conformance({"TG42", "LK10"})
    void aServiceGroupsHandlerThatThrowsIsReportedWithWhatItWasToldAndTheGroupGoesOn()
            throws Exception {
        IOException problem = new IOException("task");
        StackOverflowError bad = new StackOverflowError("handler");
        ServiceGroup group =
                ServiceGroup.open(
                        "service",
                        config ->
                                config.withFailureHandler((_, _) -> {
                                    throw bad;
                                }));
        Task<?> sibling = group.fork(() -> Blocked.forEver());
        Task<?> failed = group.fork(() -> failing(problem));
        assertThat(failed.join()).isInstanceOf(Outcome.Failed.class);
        assertThat(sibling.state()).isEqualTo(Task.State.RUNNING);
        assertThat(group.fork(() -> 1).await()).isEqualTo(1);
        group.close();
        assertThat(reports)
                .containsExactly(
                        new Reported(Report.HANDLER_FAILED, bad),
                        new Reported(Report.FAILURE_UNREAD, problem));
    }

    @Test
    @Conformance("LK10")
    void whatAListenerThrowsIsReportedAndTheOthersAreToldAndTheGroupEnds() throws Exception {
        AssertionError bad = new AssertionError("listener");
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicReference<Outcome<?>> told = new AtomicReference<>();
        TaskGroup.run(group -> {
            Task<?> task = group.fork(() -> Blocked.await(mayEnd));
            task.onEnd(_ -> {
                throw bad;
            });
            task.onEnd(told::set);
            mayEnd.countDown();
        });
        assertThat(told.get()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(reports).containsExactly(new Reported(Report.LISTENER_FAILED, bad));
    }

    @Test
    @Conformance("LK10")
    void whatAHookThrowsIsReportedAndTheTaskEndsCancelled() throws Exception {
        AssertionError bad = new AssertionError("hook");
        CountDownLatch acts = new CountDownLatch(1);
        TaskGroup.run(group -> {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> task =
                    group.fork(() ->
                            CancelScope.onCancel(
                                    () -> {
                                        acts.countDown();
                                        throw bad;
                                    },
                                    () -> {
                                        started.countDown();
                                        Blocked.await(acts);
                                        CancelScope.checkpoint();
                                        return null;
                                    }));
            Blocked.await(started);
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(reports).containsExactly(new Reported(Report.HOOK_FAILED, bad));
    }

    @Test
    @Conformance("LK02")
    void aFailureThatOnlyItsHandleWasHeldOfCountsAsUnread() throws Exception {
        IOException problem = new IOException("x");
        AtomicReference<Task<?>> handle = new AtomicReference<>();
        TaskGroup.run(
                config -> config.withFailurePolicy(FailurePolicy.KEEP_GOING),
                group -> handle.set(group.fork(() -> failing(problem))));
        assertThat(handle.get().state()).isEqualTo(Task.State.FAILED);
        assertThat(reports).containsExactly(new Reported(Report.FAILURE_UNREAD, problem));
        assertThat(handle.get().outcome()).isPresent();
        assertThat(reports).hasSize(1);
    }
}
