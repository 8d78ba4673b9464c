package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Slow;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What process-wide listeners are told. */
@Timeout(60)
class TaskListenerTest {
    private record Event(String what, Task<?> task, Thread thread, Object detail) {}

    /** Notes what concerns the tasks of this test. */
    private static final class Noting implements TaskListener {
        final List<Event> events = new CopyOnWriteArrayList<>();
        final LinkedBlockingQueue<Event> requests = new LinkedBlockingQueue<>();
        final List<String> reports = new CopyOnWriteArrayList<>();

        @Override
        public void started(Task<?> task) {
            note("started", task, task.state());
        }

        @Override
        public void cancelRequested(Task<?> task, CancelReason reason) {
            if (task.name().startsWith("listened")) {
                requests.add(new Event("requested", task, Thread.currentThread(), reason));
            }
        }

        @Override
        public void ended(Task<?> task) {
            note("ended", task, task.state());
        }

        private void note(String what, Task<?> task, Object detail) {
            if (task.name().startsWith("listened")) {
                events.add(new Event(what, task, Thread.currentThread(), detail));
            }
        }

        @Override
        public void reported(String id, String message, @Nullable Throwable problem) {
            if (message.contains("listened")) {
                reports.add(id);
            }
        }

        Event nextRequest() throws InterruptedException {
            Event event = requests.poll(30, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            return event;
        }
    }

    private final Noting noting = new Noting();
    private final ServiceGroup group =
            ServiceGroup.open("listened", config -> config.withFailureHandler((_, _) -> {}));

    @BeforeEach
    void install() {
        Listeners.add(noting);
    }

    @AfterEach
    void remove() {
        Listeners.remove(noting);
        group.close();
    }

    @Test
    @Conformance("IN08")
    void startAndEndAreToldOnTheTasksThreadAroundTheBody() throws Exception {
        Task<?> task = group.fork(() -> assertThat(noting.events).hasSize(1));
        task.await();
        group.close();
        Thread thread = noting.events.getFirst().thread;
        assertThat(thread.threadId()).isEqualTo(task.id());
        assertThat(noting.events)
                .containsExactly(
                        new Event("started", task, thread, Task.State.RUNNING),
                        new Event("ended", task, thread, Task.State.SUCCEEDED));
    }

    @Test
    void theGroupEndsAfterTheEndWasToldAndAFailureIsStillUnread() throws Exception {
        IOException problem = new IOException();
        List<Throwable> told = new CopyOnWriteArrayList<>();
        TaskGroup.run(
                config ->
                        config.withName("listened")
                                .withFailurePolicy(FailurePolicy.KEEP_GOING)
                                .withFailureHandler((_, failure) -> told.add(failure)),
                block ->
                        block.fork(() -> {
                            throw problem;
                        }));
        assertThat(noting.events).extracting(Event::what).containsExactly("started", "ended");
        assertThat(noting.events.getLast().detail).isEqualTo(Task.State.FAILED);
        assertThat(told).containsExactly(problem);
    }

    @Test
    void aRequestToTheTaskIsToldOnceAndOnAThreadOfTheLibrarys() throws Exception {
        Slow body = new Slow();
        Task<?> task = group.fork(body);
        Blocked.await(body.started);
        task.cancel("first");
        task.cancel("second");
        Event event = noting.nextRequest();
        assertThat(event.task).isSameAs(task);
        assertThat(((CancelReason) event.detail).message()).isEqualTo("first");
        assertThat(event.thread).isNotSameAs(Thread.currentThread());
        assertThat(event.thread.getName()).startsWith("curfew-listeners");
        body.mayEnd.countDown();
        task.join();
        assertThat(noting.requests).isEmpty();
    }

    @Test
    void aRequestToAGroupIsToldOfEachTaskItReachesAlsoOfOneThatIsBornCancelled() throws Exception {
        CountDownLatch started = new CountDownLatch(2);
        Task<?> outer =
                group.fork(
                        "outer",
                        () ->
                                TaskGroup.run(inner -> {
                                    inner.fork(
                                            "inner",
                                            () -> {
                                                started.countDown();
                                                Blocked.forEver();
                                            });
                                    started.countDown();
                                    try {
                                        Blocked.forEver();
                                    } finally {
                                        inner.fork("late", () -> Blocked.forEver());
                                    }
                                }));
        Blocked.await(started);
        group.cancel("restart");
        List<String> names = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            Event event = noting.nextRequest();
            assertThat(((CancelReason) event.detail).message()).isEqualTo("restart");
            names.add(event.task.name());
        }
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "listened/outer", "listened/outer/inner", "listened/outer/late");
        outer.join();
    }

    @Test
    void cancelDoesNotWaitForAListenerThatBlocks() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        TaskListener blocking =
                new TaskListener() {
                    @Override
                    public void cancelRequested(Task<?> task, CancelReason reason) {
                        if (task.name().startsWith("listened")) {
                            blocked.countDown();
                            Blocked.uninterruptibly(mayEnd);
                        }
                    }
                };
        Listeners.add(blocking);
        try {
            Task<?> task = group.fork(() -> Blocked.forEver());
            task.cancel();
            Blocked.await(blocked);
            assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
        } finally {
            mayEnd.countDown();
            Listeners.remove(blocking);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"started", "requested", "ended"})
    @Conformance({"IN08", "LK10"})
    void aListenerThatThrowsIsRemovedAndReportedAndTheTasksDoNotNotice(String at) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch called = new CountDownLatch(1);
        TaskListener throwing =
                new TaskListener() {
                    @Override
                    public void started(Task<?> task) {
                        fail("started", task);
                    }

                    @Override
                    public void cancelRequested(Task<?> task, CancelReason reason) {
                        fail("requested", task);
                    }

                    @Override
                    public void ended(Task<?> task) {
                        fail("ended", task);
                    }

                    private void fail(String what, Task<?> task) {
                        if (what.equals(at) && task.name().startsWith("listened")) {
                            calls.incrementAndGet();
                            called.countDown();
                            throw new StackOverflowError("on purpose");
                        }
                    }
                };
        List<String> reported = new CopyOnWriteArrayList<>();
        Listeners.add(throwing);
        try (var _ =
                Reports.capture((id, message, _) -> {
                    if (id == Report.LISTENER_FAILED) {
                        reported.add(message);
                    }
                })) {
            for (int i = 0; i < 2; i++) {
                Slow body = new Slow();
                Task<?> task = group.fork(body);
                Blocked.await(body.started);
                task.cancel();
                noting.nextRequest();
                body.mayEnd.countDown();
                assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
                Blocked.await(called);
                Blocked.until(() -> !reported.isEmpty());
                assertThat(group.fork(() -> 2).await()).isEqualTo(2);
            }
        } finally {
            assertThat(Listeners.remove(throwing)).isFalse();
        }
        assertThat(calls).hasValue(1);
        assertThat(reported).singleElement().asString().contains("is told nothing any more");
        group.close();
        assertThat(noting.events).hasSize(8);
    }

    @Test
    void aTaskIsNotInterruptedWhileItsStartIsTold() throws Exception {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        TaskListener slow =
                new TaskListener() {
                    @Override
                    public void started(Task<?> task) {
                        if (task.name().startsWith("listened")) {
                            telling.countDown();
                            Blocked.uninterruptibly(cancelled);
                            interrupted.add(Thread.interrupted());
                        }
                    }
                };
        Listeners.add(slow);
        try {
            Task<?> task = group.fork(() -> Blocked.forEver());
            Blocked.await(telling);
            task.cancel();
            noting.nextRequest();
            ServiceGroup others = ServiceGroup.open("others");
            Deliveries.await(others);
            others.close();
            cancelled.countDown();
            assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
        } finally {
            Listeners.remove(slow);
        }
        assertThat(interrupted).containsExactly(false);
    }

    @Test
    void reportsAreToldBesideTheLog() {
        try (var _ = Reports.capture((_, _, _) -> {})) {
            Reports.report(Report.STUCK, "task listened/x will not stop");
            Reports.report(Report.HOOK_FAILED, "in listened/x", new IOException());
        }
        assertThat(noting.reports).containsExactly("stuck", "hook-failed");
    }

    @Test
    void aListenerThatThrowsAtAReportIsRemovedAndTheOthersAreTold() {
        TaskListener throwing =
                new TaskListener() {
                    @Override
                    public void reported(String id, String message, @Nullable Throwable e) {
                        throw new IllegalStateException("on purpose");
                    }
                };
        Listeners.add(throwing);
        try (var _ = Reports.capture((_, _, _) -> {})) {
            Reports.report(Report.STUCK, "task listened/x will not stop");
        }
        assertThat(Listeners.remove(throwing)).isFalse();
        assertThat(noting.reports).containsExactly("stuck");
    }
}
