package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Deliveries;
import dev.curfew.testing.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes on inside shields while what is around them is cancelled. */
@Timeout(60)
class ShieldsTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final ServiceGroup others = ServiceGroup.open("others");

    @AfterEach
    void close() {
        others.close();
    }

    /**
     * Says so if all that was sent so far disturbs neither a call of the JDK's nor a checkpoint.
     */
    private void undisturbed(String where) throws InterruptedException {
        Deliveries.await(others);
        Thread.sleep(1);
        CancelScope.checkpoint();
        events.add(where);
    }

    /** The next blocking call, which is to throw. */
    private void told() throws InterruptedException {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            events.add("told");
            throw e;
        }
        events.add("went on");
    }

    private static void assertCancelled(Outcome<?> outcome, String message) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.reason().message()).isEqualTo(message));
    }

    private static void cancelOnceBlocked(CancelScope scope, String why) {
        Thread body = Thread.currentThread();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    Blocked.await(body);
                    scope.cancel(why);
                });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"SH05", "SH07"})
    void whatIsCancelledUnderShieldsShowsAfterTheOutermostOneAndGoesToTheOutermostScope(Kind kind)
            throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outer -> {
                        var unused =
                                CancelScope.run(middle -> {
                                    CancelScope.shield(() -> {
                                        CancelScope.shield(() -> {
                                            middle.cancel("middle");
                                            outer.cancel("outer");
                                            undisturbed("in both shields");
                                        });
                                        undisturbed("in the outer shield");
                                    });
                                    events.add("left");
                                    told();
                                });
                        events.add("between");
                    });
            assertCancelled(outcome, "outer");
        });
        assertThat(events)
                .containsExactly("in both shields", "in the outer shield", "left", "told");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("SH03")
    void whatIsInAShieldCanBeCancelledAndTheShieldGoesOn(Kind kind) throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outer -> {
                        outer.cancel("outer");
                        CancelScope.shield(() -> {
                            assertCancelled(
                                    CancelScope.run(inner -> {
                                        inner.cancel("by itself");
                                        Thread.sleep(60_000);
                                    }),
                                    "by itself");
                            assertCancelled(
                                    CancelScope.run(inner -> {
                                        cancelOnceBlocked(inner, "by another");
                                        Blocked.forEver();
                                    }),
                                    "by another");
                            TaskGroup.run(group -> {
                                group.fork(() -> Blocked.forEver());
                                group.cancel();
                                Blocked.forEver();
                            });
                            undisturbed("in the shield");
                        });
                        told();
                    });
            assertCancelled(outcome, "outer");
        });
        assertThat(events).containsExactly("in the shield", "told");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NT06")
    void aTimeoutInAShieldInACancelledScopeIsATimeout(Kind kind) throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outer -> {
                        outer.cancel("outer");
                        CancelScope.shield(() -> {
                            AtomicReference<CancelScope> timed = new AtomicReference<>();
                            assertThatThrownBy(() ->
                                            CancelScope.withTimeout(
                                                    SHORT,
                                                    () -> {
                                                        timed.set(CancelScope.current());
                                                        Blocked.forEver();
                                                    }))
                                    .isInstanceOf(DeadlineExceededException.class)
                                    .hasNoSuppressedExceptions();
                            assertThat(timed.get().expired()).isTrue();
                            undisturbed("in the shield");
                        });
                        told();
                    });
            assertCancelled(outcome, "outer");
        });
        assertThat(events).containsExactly("in the shield", "told");
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NG06")
    void anOuterCancellationDuringAnInnerSignalInAShieldLeavesThatToItsScope(Kind kind)
            throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(outer -> {
                        CancelScope.shield(() -> {
                            assertCancelled(
                                    CancelScope.run(inner -> {
                                        inner.cancel("inner");
                                        try {
                                            Thread.sleep(60_000);
                                        } finally {
                                            outer.cancel("outer");
                                            Deliveries.await(others);
                                            Thread.sleep(1);
                                            events.add("cleaned up");
                                        }
                                    }),
                                    "inner");
                            undisturbed("between");
                        });
                        told();
                    });
            assertCancelled(outcome, "outer");
        });
        assertThat(events).containsExactly("cleaned up", "between", "told");
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL", "PLATFORM"})
    @Conformance("SH10")
    void belowAShieldAllIsCompletedAndWhatIsAboveItIsCancelled(Kind kind) throws Exception {
        List<Task<?>> above = new CopyOnWriteArrayList<>();
        List<Task<?>> below = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(3);
        CountDownLatch mayEnd = new CountDownLatch(1);
        TaskGroup.run(
                config ->
                        kind == Kind.PLATFORM
                                ? config.withThreadFactory(Thread.ofPlatform().factory())
                                : config,
                top -> {
                    Task<?> first =
                            top.fork(() ->
                                    TaskGroup.run(second -> {
                                        above.add(second.fork(() -> Blocked.forEver()));
                                        above.add(
                                                second.fork(() -> {
                                                    CancelScope.shield(
                                                            () -> treeBelow(below, begun, mayEnd));
                                                    events.add("left");
                                                    told();
                                                }));
                                        Blocked.forEver();
                                    }));
                    Blocked.await(begun);
                    first.cancel("from the top");
                    assertCancelled(above.getFirst().join(), "from the top");
                    Deliveries.await(others);
                    mayEnd.countDown();
                    assertCancelled(first.join(), "from the top");
                });
        assertThat(above).hasSize(2);
        for (Task<?> task : above) {
            assertCancelled(task.join(), "from the top");
        }
        assertThat(below)
                .hasSize(3)
                .allSatisfy(t -> assertThat(t.state()).isEqualTo(Task.State.SUCCEEDED))
                .noneMatch(Task::absorbed);
        assertThat(events).containsExactly("left", "told");
    }

    private static void treeBelow(List<Task<?>> tasks, CountDownLatch begun, CountDownLatch mayEnd)
            throws InterruptedException {
        VoidWork<InterruptedException> work =
                () -> {
                    begun.countDown();
                    Blocked.await(mayEnd);
                    CancelScope.checkpoint();
                };
        TaskGroup.run(third -> {
            tasks.add(third.fork(work));
            tasks.add(
                    third.fork(() ->
                            TaskGroup.run(fourth -> {
                                tasks.add(fourth.fork(work));
                                work.run();
                            })));
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("SH16")
    void ofAGatherInAShieldNobodyIsToldAndOfOneOverShieldsOnlyWhatIsOutsideThem(Kind kind)
            throws Exception {
        kind.run(() -> {
            Outcome<?> inAShield =
                    CancelScope.run(scope -> {
                        CountDownLatch cancelled = new CountDownLatch(1);
                        Callable<Integer> cancels =
                                () -> {
                                    scope.cancel("in");
                                    cancelled.countDown();
                                    Deliveries.await(others);
                                    Thread.sleep(1);
                                    CancelScope.checkpoint();
                                    return 1;
                                };
                        Callable<Integer> waits =
                                () -> {
                                    Blocked.await(cancelled);
                                    Deliveries.await(others);
                                    CancelScope.checkpoint();
                                    return 2;
                                };
                        List<Integer> values =
                                CancelScope.shield(() -> Tasks.all(List.of(cancels, waits)));
                        events.add("values " + values);
                        told();
                    });
            assertCancelled(inAShield, "in");
        });
        assertThat(events).containsExactly("values [1, 2]", "told");
        events.clear();
        kind.run(() -> {
            Outcome<?> overShields =
                    CancelScope.run(scope -> {
                        CountDownLatch inside = new CountDownLatch(1);
                        CountDownLatch told = new CountDownLatch(1);
                        Callable<Integer> shielded =
                                () ->
                                        CancelScope.shield(() -> {
                                            inside.countDown();
                                            Blocked.await(told);
                                            undisturbed("in the shield");
                                            return 1;
                                        });
                        Callable<Integer> bare =
                                () -> {
                                    try {
                                        Blocked.await(inside);
                                        scope.cancel("over");
                                        Blocked.forEver();
                                    } finally {
                                        told.countDown();
                                    }
                                    return 2;
                                };
                        var unused = Tasks.all(List.of(shielded, bare));
                        events.add("went on");
                    });
            assertCancelled(overShields, "over");
        });
        assertThat(events).containsExactly("in the shield");
    }
}
