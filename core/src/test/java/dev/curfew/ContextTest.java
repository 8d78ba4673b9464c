package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.BrokenServices;
import dev.curfew.testing.Conformance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a task finds in place of its forker's context. */
@Timeout(60)
class ContextTest {
    private static final ScopedValue<String> KEY = ScopedValue.newInstance();
    private static final ScopedValue<String> OTHER = ScopedValue.newInstance();
    private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

    // ---- scoped values ---------------------------------------------------------------------

    @Test
    void aScopedValueIsCarriedOnlyIfItIsDeclared() throws Exception {
        ScopedValue.where(KEY, "key")
                .where(OTHER, "other")
                .call(() ->
                        TaskGroup.call(
                                config -> config.withCarried(KEY),
                                group ->
                                        group.fork(() -> {
                                            assertThat(KEY.get()).isEqualTo("key");
                                            assertThat(OTHER.isBound()).isFalse();
                                        })));
    }

    @Test
    @Conformance({"TG46", "TG32"})
    void theValuesAreThoseOfTheForkerAtTheForkAndTheCancellationIsTheGroups() throws Exception {
        ServiceGroup group = ServiceGroup.open("service", config -> config.withCarried(KEY));
        assertThat(group.fork(() -> KEY.isBound()).await()).isFalse();
        for (String value : List.of("one", "two")) {
            Task<String> task = ScopedValue.where(KEY, value).call(() -> group.fork(KEY::get));
            assertThat(task.await()).isEqualTo(value);
        }
        Outcome<Task<?>> forkedInCancelled =
                CancelScope.call(scope -> {
                    scope.cancel();
                    return group.fork(() -> CancelScope.checkpoint());
                });
        assertThat(forkedInCancelled.get().join()).isInstanceOf(Outcome.Succeeded.class);
        group.close();
    }

    @Test
    @Conformance("TG32")
    void aValueThatIsSetIsBoundInEachTaskAndWinsOverACarriedOne() throws Exception {
        ScopedValue.where(KEY, "carried")
                .call(() ->
                        TaskGroup.call(
                                config ->
                                        config.withScopedValue(KEY, "first")
                                                .withScopedValue(KEY, "set")
                                                .withScopedValue(OTHER, null)
                                                .withCarried(KEY, OTHER),
                                group -> {
                                    assertThat(KEY.get()).isEqualTo("carried");
                                    assertThat(group.fork(KEY::get).await()).isEqualTo("set");
                                    assertThat(group.fork(() -> OTHER.isBound()).await()).isTrue();
                                    return null;
                                }));
    }

    @Test
    void blocksThatTasksOpenCarryOnAndServiceGroupsDoNot() throws Exception {
        TaskGroup.run(
                config -> config.withScopedValue(KEY, "set").withContextCarrier(local()),
                group ->
                        group.fork(() -> {
                            LOCAL.set("of the task");
                            TaskGroup.run(inner ->
                                    TaskGroup.run(innermost -> {
                                        assertThat(innermost.fork(KEY::get).await())
                                                .isEqualTo("set");
                                        assertThat(innermost.fork(LOCAL::get).await())
                                                .isEqualTo("of the task");
                                    }));
                            ServiceGroup service = ServiceGroup.open("service");
                            assertThat(service.fork(() -> KEY.isBound()).await()).isFalse();
                            assertThat(service.fork(LOCAL::get).await()).isNull();
                            service.close();
                        }));
    }

    @Test
    void whatTheBodyThrowsLeavesAsItself() throws Exception {
        IOException problem = new IOException();
        TaskGroup.run(
                config ->
                        config.withFailurePolicy(FailurePolicy.KEEP_GOING)
                                .withFailureHandler((_, _) -> {})
                                .withScopedValue(KEY, "set")
                                .withContextCarrier(local()),
                group -> {
                    Task<?> task =
                            group.fork(() -> {
                                throw problem;
                            });
                    assertThat(task.join())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    f -> assertThat(f.exception()).isSameAs(problem));
                });
    }

    // ---- carriers --------------------------------------------------------------------------

    private static ContextCarrier local() {
        return () -> {
            String value = LOCAL.get();
            return () -> {
                LOCAL.set(value);
                return LOCAL::remove;
            };
        };
    }

    private static ContextCarrier noting(String name, List<String> events) {
        return () -> {
            Thread forker = Thread.currentThread();
            events.add(name + " captured");
            return () -> {
                assertThat(Thread.currentThread()).isNotSameAs(forker);
                events.add(name + " restored");
                return () -> events.add(name + " cleared");
            };
        };
    }

    @Test
    @Conformance("TG32")
    void whatTheForkerChangesAfterTheForkIsNotSeen() throws Exception {
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        inherited.set("at the fork");
        LOCAL.set("at the fork");
        CountDownLatch changed = new CountDownLatch(1);
        try {
            TaskGroup.run(
                    config -> config.withContextCarrier(local()),
                    group -> {
                        Task<String> task =
                                group.fork(() -> {
                                    Blocked.await(changed);
                                    return inherited.get() + ", " + LOCAL.get();
                                });
                        inherited.set("later");
                        LOCAL.set("later");
                        changed.countDown();
                        assertThat(task.await()).isEqualTo("at the fork, at the fork");
                    });
        } finally {
            LOCAL.remove();
        }
    }

    @Test
    @Conformance("TG32")
    void aCarrierTakesOnTheForkersThreadAndPutsAndClearsOnTheTasksInReverseOrder()
            throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        TaskGroup.run(
                config ->
                        config.withContextCarrier(noting("a", events))
                                .withContextCarrier(() -> null)
                                .withContextCarrier(noting("b", events)),
                group -> {
                    events.add("fork");
                    group.fork(() -> events.add("body"));
                });
        assertThat(events)
                .startsWith("fork", "a captured", "b captured")
                .endsWith("a restored", "b restored", "body", "b cleared", "a cleared")
                .hasSize(8);
    }

    @Test
    void aCarrierThatCannotCaptureFailsTheForkAndRegistersNothing() throws Exception {
        IllegalArgumentException problem = new IllegalArgumentException();
        AtomicBoolean ran = new AtomicBoolean();
        ServiceGroup group =
                ServiceGroup.open(
                        "service",
                        config ->
                                config.withContextCarrier(() -> {
                                    throw problem;
                                }));
        assertThatThrownBy(() -> group.fork(() -> ran.set(true)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no task was forked")
                .hasCause(problem);
        assertThat(group.tasks()).isEmpty();
        ExecutorService view = group.asExecutorService();
        assertThatThrownBy(() -> view.execute(() -> ran.set(true)))
                .isInstanceOf(RejectedExecutionException.class);
        view.close();
        group.close();
        assertThat(ran).isFalse();
    }

    @Test
    void aCarrierThatCannotRestoreFailsTheTaskAndWhatIsInPlaceIsCleared() throws Exception {
        IllegalArgumentException problem = new IllegalArgumentException();
        List<String> events = new CopyOnWriteArrayList<>();
        assertThatThrownBy(() ->
                        TaskGroup.run(
                                config ->
                                        config.withContextCarrier(noting("a", events))
                                                .withContextCarrier(() ->
                                                        () -> {
                                                            throw problem;
                                                        })
                                                .withContextCarrier(noting("c", events)),
                                group -> group.fork(() -> events.add("body"))))
                .isInstanceOf(TaskFailedException.class)
                .hasCause(problem);
        assertThat(events).containsExactly("a captured", "c captured", "a restored", "a cleared");
    }

    @Test
    void aCarrierThatCannotClearIsReportedAndTheValueStays() throws Exception {
        IllegalArgumentException problem = new IllegalArgumentException();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        List<String> events = new CopyOnWriteArrayList<>();
        try (var _ =
                Reports.capture((id, _, e) -> {
                    if (id == Report.CARRIER_FAILED) {
                        reported.add(e);
                    }
                })) {
            String value =
                    TaskGroup.call(
                            config ->
                                    config.withContextCarrier(noting("a", events))
                                            .withContextCarrier(() ->
                                                    () ->
                                                            () -> {
                                                                throw problem;
                                                            }),
                            group -> group.fork(() -> "value").await());
            assertThat(value).isEqualTo("value");
        }
        assertThat(reported).containsExactly(problem);
        assertThat(events).endsWith("a cleared");
    }

    @Test
    void aServiceThatCannotBeLoadedIsReportedAndLeftOut() {
        List<String> reported = new ArrayList<>();
        try (var _ =
                Reports.capture((id, message, _) -> {
                    if (id == Report.SERVICE_FAILED) {
                        reported.add(message);
                    }
                })) {
            assertThat(Services.load(BrokenServices.Kind.class))
                    .hasSize(1)
                    .first()
                    .isInstanceOf(BrokenServices.Sound.class);
        }
        assertThat(reported).hasSize(2);
    }
}
