package dev.curfew.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.CancelReason;
import dev.curfew.CancelScope;
import dev.curfew.Deadline;
import dev.curfew.FailurePolicy;
import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Slow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskTreeTest {
    private static Entry entry(TaskTree tree, Task<?> task) {
        return tree.entry(Long.toString(task.id())).orElseThrow();
    }

    private static Entry service(TaskTree tree, String name) {
        return tree.entries().stream()
                .filter(e -> e.kind() == Entry.Kind.SERVICE_GROUP && e.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Entry> inside(TaskTree tree, Entry parent) {
        return tree.entries().stream()
                .filter(e -> e.parent().equals(Optional.of(parent.id())))
                .toList();
    }

    @Test
    @Conformance("IN01")
    void aTaskWhoseBodyHasNotBegunIsShownAndCanBeCancelled() throws Exception {
        CompletableFuture<Void> begin = new CompletableFuture<>();
        TaskGroup.run(
                config ->
                        config.withThreadFactory(task ->
                                new Thread(() -> {
                                    begin.join();
                                    task.run();
                                })),
                group -> {
                    Task<?> task = group.fork(() -> CancelScope.sleep(Duration.ofDays(1)));
                    assertThat(entry(TaskTree.snapshot(), task).state())
                            .isEqualTo(Entry.State.RUNNING);
                    assertThat(TaskTree.cancel(Long.toString(task.id()), "not begun")).isTrue();
                    begin.complete(null);
                    assertThat(task.join()).isInstanceOf(Outcome.Cancelled.class);
                });
    }

    @Test
    @Conformance({"IN01", "IN03", "IN12"})
    void aTaskIsShownUnderItsGroupWithItsScopesItsFrameAndTheTimeThatIsLeft() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-shown");
        try {
            Task<?> task =
                    group.fork(
                            "poll",
                            () -> {
                                CancelScope.withTimeout(
                                        Duration.ofMinutes(5),
                                        () -> {
                                            in.countDown();
                                            Blocked.forEver();
                                        });
                            });
            Blocked.await(in);
            TaskTree tree = blocked(task);
            Entry service = service(tree, "TaskTreeTest-shown");
            assertThat(service.tasks()).isEqualTo(1);
            assertThat(service.state()).isEqualTo(Entry.State.RUNNING);
            assertThat(service.origin().orElseThrow().getMethodName())
                    .startsWith("aTaskIsShownUnderItsGroup");
            Entry shown = entry(tree, task);
            assertThat(shown.parent()).contains(service.id());
            assertThat(shown.kind()).isEqualTo(Entry.Kind.TASK);
            assertThat(shown.name()).isEqualTo("poll");
            assertThat(shown.depth()).isEqualTo(1);
            assertThat(shown.cancellation()).isEmpty();
            assertThat(shown.age().orElseThrow()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
            Waiting waiting = shown.waiting().orElseThrow();
            assertThat(waiting.frame().orElseThrow().getMethodName()).isEqualTo("forEver");
            assertThat(waiting.call().orElseThrow().getMethodName()).isEqualTo("await");
            assertThat(waiting.lock().orElseThrow()).startsWith("java.util.concurrent.");
            Entry scope = inside(tree, shown).getFirst();
            assertThat(scope.kind()).isEqualTo(Entry.Kind.SCOPE);
            assertThat(scope.id()).isEqualTo(shown.id() + ".1");
            assertThat(scope.left().orElseThrow())
                    .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(5));
            assertThat(scope.age().orElseThrow()).isBetween(Duration.ZERO, Duration.ofMinutes(2));
            assertThat(tree.text())
                    .contains(
                            "service group TaskTreeTest-shown [" + service.id() + "]: 1 task",
                            "─ task poll [" + shown.id() + "]",
                            "CountDownLatch.await at dev.curfew.testing.Blocked.forEver",
                            "  └─ scope [" + scope.id() + "]: ");
        } finally {
            group.close();
        }
        assertThat(TaskTree.snapshot().text()).doesNotContain("TaskTreeTest-shown");
    }

    /** A snapshot that is weakly consistent shows what is wanted a moment later. */
    private static TaskTree until(Predicate<TaskTree> wanted) {
        long end = System.nanoTime() + 30_000_000_000L;
        for (; ; ) {
            TaskTree tree = TaskTree.snapshot();
            if (wanted.test(tree)) {
                return tree;
            }
            assertThat(System.nanoTime()).as(tree.text()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** A snapshot in which the task's thread waits. */
    private static TaskTree blocked(Task<?> task) {
        return until(tree -> {
            Thread.State state = entry(tree, task).waiting().orElseThrow().thread();
            return state == Thread.State.WAITING || state == Thread.State.BLOCKED;
        });
    }

    @Test
    void whoAskedWhyWhenAndWhetherItWasToldIsShownUntilTheEnd() throws Exception {
        Slow slow = new Slow();
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-asked");
        Task<?> task = group.fork("slow", slow);
        Blocked.await(slow.started);
        task.cancel("too old");
        Blocked.await(slow.cleaning);
        TaskTree tree = until(t -> entry(t, task).state() == Entry.State.CLEANING_UP);
        Entry shown = entry(tree, task);
        Cancellation c = shown.cancellation().orElseThrow();
        assertThat(c.kind()).isEqualTo(CancelReason.Kind.REQUESTED);
        assertThat(c.message()).isEqualTo("too old");
        assertThat(c.requestedBy()).contains(Thread.currentThread().getName());
        assertThat(c.toldAfter().orElseThrow()).isBetween(Duration.ZERO, c.age().plusSeconds(1));
        assertThat(c.where().getFirst().getMethodName()).startsWith("whoAskedWhyWhen");
        assertThat(tree.text()).contains("CLEANING UP", "\"too old\" by thread ", "told after ");
        assertThat(tree.report()).contains("task slow [" + task.id() + "]", "asked to stop: ");
        assertThat(tree.why(shown.id()).orElseThrow())
                .contains("asked to stop: ", "told: ", "at dev.curfew.testing.Slow.run");
        slow.mayEnd.countDown();
        group.close();
        assertThat(TaskTree.snapshot().entry(shown.id())).isEmpty();
    }

    @Test
    void theFailureThatAGroupIsCancelledForIsShown() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceGroup group =
                ServiceGroup.open(
                        "TaskTreeTest-cause",
                        config ->
                                config.withFailurePolicy(FailurePolicy.CANCEL_GROUP)
                                        .withFailureHandler((_, _) -> {}));
        Task<?> left = group.fork("left", () -> Blocked.uninterruptibly(mayEnd));
        group.fork(
                "fails",
                () -> {
                    throw new IllegalStateException("no\u001b[2J more");
                });
        TaskTree tree = until(t -> entry(t, left).cancellation().isPresent());
        Cancellation c = entry(tree, left).cancellation().orElseThrow();
        assertThat(c.kind()).isEqualTo(CancelReason.Kind.SIBLING_FAILED);
        assertThat(c.cause()).contains("java.lang.IllegalStateException: no\ufffd[2J more");
        assertThat(tree.text())
                .contains(
                        "SIBLING_FAILED by task TaskTreeTest-cause/fails because of"
                                + " java.lang.IllegalStateException: no");
        assertThat(tree.json()).contains("\"cause\":\"java.lang.IllegalStateException: no");
        mayEnd.countDown();
        group.close();
    }

    @Test
    @Conformance("IN07")
    void whatIsLiveIsCountedAndTheNextDeadlineIsFoundInASnapshot() throws Exception {
        CountDownLatch in = new CountDownLatch(3);
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-counts");
        for (int minutes : new int[] {3, 1, 2}) {
            group.fork(() ->
                    CancelScope.withTimeout(
                            Duration.ofMinutes(minutes),
                            () -> {
                                in.countDown();
                                Blocked.forEver();
                            }));
        }
        Blocked.await(in);
        TaskTree tree = TaskTree.snapshot();
        Entry service = service(tree, "TaskTreeTest-counts");
        assertThat(service.tasks()).isEqualTo(3);
        List<Entry> tasks = inside(tree, service);
        assertThat(tasks).hasSize(3);
        Duration next =
                tasks.stream()
                        .flatMap(task -> inside(tree, task).stream())
                        .flatMap(scope -> scope.left().stream())
                        .min(Duration::compareTo)
                        .orElseThrow();
        assertThat(next).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        group.close();
    }

    @Test
    void everyKindOfScopeHasAnAge() throws Exception {
        long before = System.nanoTime();
        CancelScope.shield(() ->
                CancelScope.onCancel(
                        () -> {},
                        () ->
                                CancelScope.run(_ ->
                                        CancelScope.withDeadline(
                                                Deadline.never(),
                                                () ->
                                                        CancelScope.withoutInterrupts(
                                                                () -> hasAges(before))))));
    }

    private static void hasAges(long before) {
        TaskTree tree = TaskTree.snapshot();
        String self = Long.toString(Thread.currentThread().threadId());
        Duration most = Duration.ofNanos(System.nanoTime() - before);
        for (int level = 1; level <= 5; level++) {
            Entry scope = tree.entry(self + "." + level).orElseThrow();
            assertThat(scope.age().orElseThrow())
                    .as(scope.toString())
                    .isBetween(Duration.ZERO, most);
        }
    }

    @Test
    void whatAShieldHoldsBackIsNotToldYet() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch out = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-shield");
        Task<?> task =
                group.fork(
                        "shielded",
                        () -> {
                            CancelScope.shield(() -> {
                                in.countDown();
                                Blocked.await(out);
                            });
                        });
        Blocked.await(in);
        task.cancel();
        TaskTree tree = TaskTree.snapshot();
        Entry shown = entry(tree, task);
        assertThat(shown.state()).isEqualTo(Entry.State.CANCELLING);
        assertThat(shown.shielded()).isTrue();
        assertThat(shown.cancellation().orElseThrow().toldAfter()).isEmpty();
        assertThat(inside(tree, shown).getFirst().kind()).isEqualTo(Entry.Kind.SHIELD);
        assertThat(tree.why(shown.id()).orElseThrow()).contains("held back: it is in a shield");
        out.countDown();
        group.close();
    }

    @Test
    @Conformance("IN09")
    void whatIsWaitedForIsNamedStepByStep() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-chain");
        Task<?> last = group.fork("last", () -> Blocked.uninterruptibly(mayEnd));
        Task<?> waiter = group.fork("waiter", () -> last.join());
        TaskTree tree = until(t -> entry(t, waiter).waiting().orElseThrow().onId().isPresent());
        Waiting waiting = entry(tree, waiter).waiting().orElseThrow();
        assertThat(waiting.on()).contains("task TaskTreeTest-chain/last");
        assertThat(waiting.onId()).contains(Long.toString(last.id()));
        assertThat(waiting.advice()).isEmpty();
        assertThat(entry(tree, last).awaitedBy())
                .containsExactly("TaskTreeTest-chain/waiter [" + waiter.id() + "]");
        String why = tree.why(Long.toString(waiter.id())).orElseThrow();
        assertThat(why.indexOf("task waiter ["))
                .isNotNegative()
                .isLessThan(why.indexOf("\ntask last ["));
        mayEnd.countDown();
        group.close();
    }

    @Test
    void theEndOfABlockAndTheCloseOfAServiceGroupAreSeenToWait() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch in = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-end");
        Task<?> parent =
                group.fork(
                        "parent",
                        () -> {
                            TaskGroup.run(
                                    config -> config.withName("inner"),
                                    inner ->
                                            inner.fork(
                                                    "child",
                                                    () -> {
                                                        in.countDown();
                                                        Blocked.uninterruptibly(mayEnd);
                                                    }));
                        });
        Blocked.await(in);
        TaskTree open = until(t -> entry(t, parent).waiting().orElseThrow().onId().isPresent());
        Entry inner = inside(open, entry(open, parent)).getFirst();
        assertThat(inner.kind()).isEqualTo(Entry.Kind.GROUP);
        assertThat(inner.name()).isEqualTo("inner");
        assertThat(inner.state()).isEqualTo(Entry.State.ENDING);
        assertThat(inner.tasks()).isEqualTo(1);
        assertThat(inner.age()).isPresent();
        assertThat(entry(open, parent).waiting().orElseThrow().onId()).contains(inner.id());

        Thread closer = Thread.ofPlatform().name("TaskTreeTest-closer").start(group::close);
        until(t -> !service(t, "TaskTreeTest-end").awaitedBy().isEmpty());
        TaskTree tree = until(t -> service(t, "TaskTreeTest-end").cancellation().isPresent());
        Entry closing = service(tree, "TaskTreeTest-end");
        assertThat(closing.state()).isEqualTo(Entry.State.CANCELLING);
        assertThat(closing.cancellation().orElseThrow().kind())
                .isEqualTo(CancelReason.Kind.GROUP_CLOSED);
        assertThat(closing.awaitedBy())
                .containsExactly("TaskTreeTest-closer [" + closer.threadId() + "]");
        String report = until(t -> t.report().contains("task child [")).report();
        assertThat(report).contains("Blocked.uninterruptibly");
        assertThat(report.lines()).noneMatch(l -> l.startsWith("task parent [" + parent.id()));
        mayEnd.countDown();
        closer.join();
    }

    @Test
    void adviceIsGivenOnWhatWasAskedToStopAndDoesNotReact() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-advice");
        Task<?> task;
        lock.lock();
        try {
            task =
                    group.fork(
                            "locker",
                            () -> {
                                lock.lock();
                                lock.unlock();
                            });
            assertThat(entry(blocked(task), task).waiting().orElseThrow().advice()).isEmpty();
            task.cancel();
            TaskTree tree = until(t -> entry(t, task).waiting().orElseThrow().advice().isPresent());
            assertThat(entry(tree, task).waiting().orElseThrow().advice().orElseThrow().id())
                    .isEqualTo("lock");
            assertThat(tree.report()).contains("what to do: it waits for a lock", "JDK ");
            assertThat(tree.text())
                    .contains("task locker [" + task.id() + "]: STUCK", "(does not react: lock)");
        } finally {
            lock.unlock();
        }
        group.close();
    }

    @Test
    void tasksGroupsAndScopesAreCancelledByTheirId() throws Exception {
        CountDownLatch in = new CountDownLatch(3);
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-cancel");
        Task<?> task =
                group.fork(
                        "task",
                        () -> {
                            in.countDown();
                            Blocked.forEver();
                        });
        Task<Boolean> scoped =
                group.fork(
                        "scoped",
                        () -> {
                            Outcome<?> outcome =
                                    CancelScope.run(scope -> {
                                        in.countDown();
                                        Blocked.forEver();
                                    });
                            return outcome instanceof Outcome.Cancelled;
                        });
        Task<?> other =
                group.fork(
                        "other",
                        () -> {
                            in.countDown();
                            Blocked.forEver();
                        });
        Blocked.await(in);
        assertThat(TaskTree.cancel(Long.toString(task.id()), "by id")).isTrue();
        assertThat(task.join())
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo("by id"));
        assertThat(TaskTree.cancel(scoped.id() + ".1", "scope")).isTrue();
        assertThat(scoped.await()).isTrue();
        String id = service(TaskTree.snapshot(), "TaskTreeTest-cancel").id();
        assertThat(TaskTree.cancel(id, "all")).isTrue();
        assertThat(other.join()).isInstanceOf(Outcome.Cancelled.class);
        for (String wrong : new String[] {"", "x", "s", "s0", "-1", "1.x", "999999999", id + "9"}) {
            assertThat(TaskTree.cancel(wrong, "")).as(wrong).isFalse();
        }
        assertThat(TaskTree.cancel(scoped.id() + ".7", "")).isFalse();
        group.close();
        assertThat(TaskTree.cancel(id, "")).isFalse();
    }

    @Test
    void aThreadWithOpenScopesIsARoot() throws Exception {
        TaskGroup.run(
                config -> config.withName("TaskTreeTest-root"),
                group -> {
                    TaskTree tree = TaskTree.snapshot();
                    Entry self =
                            tree.entry(Long.toString(Thread.currentThread().threadId()))
                                    .orElseThrow();
                    assertThat(self.kind()).isEqualTo(Entry.Kind.THREAD);
                    assertThat(self.parent()).isEmpty();
                    assertThat(inside(tree, self).getFirst().name()).isEqualTo("TaskTreeTest-root");
                });
    }

    @Test
    void ofManyChildrenThoseThatWereAskedAreShownAndTheRestIsCounted() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        ServiceGroup group = ServiceGroup.open("TaskTreeTest-many");
        for (int i = 0; i < 29; i++) {
            group.fork("t" + i, () -> Blocked.uninterruptibly(mayEnd));
        }
        Task<?> asked = group.fork("t29", () -> Blocked.uninterruptibly(mayEnd));
        asked.cancel();
        Blocked.until(() -> entry(TaskTree.snapshot(5), asked).waiting().isPresent());
        TaskTree tree = TaskTree.snapshot(5);
        assertThat(tree.text(3)).contains("─ task t29 [", "└─ … and 27 more\n");
        assertThat(tree.text(30)).doesNotContain("more\n");
        assertThat(tree.entries().stream().filter(e -> e.waiting().isPresent())).hasSize(5);
        assertThat(entry(tree, asked).waiting()).isPresent();
        assertThatThrownBy(() -> tree.text(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TaskTree.snapshot(-1))
                .isInstanceOf(IllegalArgumentException.class);
        mayEnd.countDown();
        group.close();
    }

    @Test
    void deepTreesAndHostileNamesAreShownHarmlessly() throws Exception {
        String hostile = "\u001b[2J\"\\\n\r\u202e\ud800" + "x".repeat(1_000_000);
        ServiceGroup group = ServiceGroup.open(hostile);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Task<?> task = group.fork(hostile, () -> Blocked.uninterruptibly(mayEnd));
        task.cancel(hostile);
        CancelScope.shield(() -> {
            TaskTree tree = nested(400);
            for (String shown :
                    List.of(
                            tree.text(),
                            tree.why(Long.toString(task.id())).orElseThrow(),
                            tree.report())) {
                assertThat(shown.replace("\n", ""))
                        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}]")
                        .contains("xxx");
                assertThat(shown.lines().mapToInt(String::length).max().orElseThrow())
                        .isLessThan(3_000);
            }
            assertThat(tree.json()).matches("[ -~]*");
            assertThat(tree.entries().stream().mapToInt(Entry::depth).max().orElseThrow())
                    .isGreaterThan(400);
        });
        mayEnd.countDown();
        group.close();
    }

    private static TaskTree nested(int depth) throws InterruptedException {
        return depth == 0
                ? TaskTree.snapshot()
                : CancelScope.withTimeout(Duration.ofMinutes(1), () -> nested(depth - 1));
    }
}
