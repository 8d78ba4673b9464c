package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deadlines in one another: what remains of them, and who of two is told. */
@Timeout(60)
class NestedTimeoutsTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO33", "NT07", "NT08"})
    void remainingIsTheLeastOfWhatIsAroundUpToTheNearestShieldAndFollowsWhatIsMoved(Kind kind)
            throws Exception {
        kind.run(() -> {
            assertThat(CancelScope.remaining()).isEmpty();
            inHours(
                    2,
                    () -> {
                        inHours(
                                4,
                                () -> {
                                    assertRemaining(2);
                                    CancelScope.current()
                                            .reschedule(Deadline.after(Duration.ofHours(1)));
                                    assertRemaining(1);
                                    CancelScope.current()
                                            .reschedule(Deadline.after(Duration.ofHours(3)));
                                    assertRemaining(2);
                                    CancelScope.current().reschedule(Deadline.never());
                                    assertRemaining(2);
                                    CancelScope.shield(() -> {
                                        assertThat(CancelScope.remaining()).isEmpty();
                                        inHours(6, () -> inHours(5, () -> assertRemaining(5)));
                                    });
                                    CancelScope.shield(
                                            Duration.ofHours(7), () -> assertRemaining(7));
                                });
                        assertRemaining(2);
                    });
            assertThat(CancelScope.remaining()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance({"TO33", "NT07"})
    void nothingRemainsOfWhatIsCancelledAndAShieldInItHasItsOwnTime(Kind kind) throws Exception {
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        assertThat(CancelScope.remaining()).contains(Duration.ZERO);
                        inHours(
                                1,
                                () -> {
                                    assertThat(CancelScope.remaining()).contains(Duration.ZERO);
                                    CancelScope.shield(() -> {
                                        assertThat(CancelScope.remaining()).isEmpty();
                                        inHours(2, () -> assertRemaining(2));
                                    });
                                });
                    });
            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            CancelScope.withTimeout(
                    SHORT,
                    () -> {
                        CancelScope outer = CancelScope.current();
                        CancelScope.shield(() ->
                                inHours(
                                        2,
                                        () -> {
                                            Blocked.until(outer::expired);
                                            assertRemaining(2);
                                            Thread.sleep(1);
                                            CancelScope.checkpoint();
                                        }));
                    });
        });
    }

    private static void inHours(int hours, VoidWork<RuntimeException> work)
            throws InterruptedException {
        CancelScope.withTimeout(Duration.ofHours(hours), work);
    }

    /** That so many hours are left, all but some minutes. */
    private static void assertRemaining(int hours) {
        Duration most = Duration.ofHours(hours);
        assertThat(CancelScope.remaining().orElseThrow())
                .isBetween(most.minus(Duration.ofMinutes(50)), most);
    }

    // ---- one in another ------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Conformance("NT01")
    void anInnerTimeoutThatIsLongerHasNotExpiredAndDoesNotAbsorbTheOuterOne(Kind kind)
            throws Exception {
        kind.run(() -> {
            AtomicReference<CancelScope> inner = new AtomicReference<>();
            AtomicReference<Throwable> left = new AtomicReference<>();
            AtomicInteger goneOn = new AtomicInteger();
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    SHORT,
                                    () -> {
                                        try {
                                            CancelScope.withTimeoutOrEmpty(
                                                            LONG,
                                                            () -> {
                                                                inner.set(CancelScope.current());
                                                                Blocked.forEver();
                                                                return 1;
                                                            })
                                                    .ifPresent(goneOn::set);
                                            goneOn.incrementAndGet();
                                        } catch (Throwable e) {
                                            left.set(e);
                                            throw e;
                                        }
                                    }))
                    .isInstanceOfSatisfying(
                            DeadlineExceededException.class,
                            e -> assertThat(e.limit()).contains(SHORT));
            assertThat(left.get()).isInstanceOf(InterruptedException.class);
            assertThat(inner.get().expired()).isFalse();
            assertThat(goneOn).hasValue(0);
        });
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("NT02")
    void ofTwoWithTheVerySameDeadlineTheOuterOneConverts(Kind kind) throws Exception {
        kind.run(() -> {
            Deadline both = Deadline.after(SHORT);
            AtomicReference<Throwable> left = new AtomicReference<>();
            assertThatThrownBy(() ->
                            CancelScope.withDeadline(
                                    both,
                                    () -> {
                                        try {
                                            CancelScope.withDeadline(both, () -> Blocked.forEver());
                                        } catch (Throwable e) {
                                            left.set(e);
                                            throw e;
                                        }
                                    }))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThat(left.get()).isInstanceOf(InterruptedException.class);
        });
    }
}
