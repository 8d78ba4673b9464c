package dev.curfew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.CancelScope;
import dev.curfew.Deadline;
import dev.curfew.DeadlineExceededException;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Pages, hedges, retries, searches and events. */
class RequestsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private record Parts(boolean priceBroken, boolean reviewsBroken, CountDownLatch reviewsEnded)
            implements ProductPage.Backend {
        @Override
        public String price(String item) throws IOException {
            if (priceBroken) {
                throw new IOException("no price");
            }
            return "1";
        }

        @Override
        public String stock(String item) {
            return "2";
        }

        @Override
        public String reviews(String item) throws IOException, InterruptedException {
            if (reviewsBroken) {
                throw new IOException("no reviews");
            }
            try {
                return Latches.forEver();
            } finally {
                reviewsEnded.countDown();
            }
        }
    }

    @Test
    void aPageDoesWithoutItsOptionalPart() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ProductPage.Page expected = new ProductPage.Page("1", "2", Optional.empty());
        assertThat(ProductPage.load(new Parts(false, true, ended), "x", LONG)).isEqualTo(expected);
        assertThat(ProductPage.load(new Parts(false, false, ended), "x", Duration.ofMillis(20)))
                .isEqualTo(expected);
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void aPageFailsWithItsNeededPartAndLeavesNothingRunning() {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean started = new AtomicBoolean();
        Parts parts = new Parts(true, false, ended);
        assertThatThrownBy(() ->
                        ProductPage.load(
                                new ProductPage.Backend() {
                                    @Override
                                    public String price(String item) throws IOException {
                                        return parts.price(item);
                                    }

                                    @Override
                                    public String stock(String item) {
                                        return parts.stock(item);
                                    }

                                    @Override
                                    public String reviews(String item)
                                            throws IOException, InterruptedException {
                                        started.set(true);
                                        return parts.reviews(item);
                                    }
                                },
                                "x",
                                LONG))
                .isInstanceOf(TaskFailedException.class)
                .hasRootCauseMessage("no price");
        assertThat(started.get()).isEqualTo(ended.getCount() == 0);
    }

    @Test
    void theFirstAnswerWinsAndTheOthersHaveEnded() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        String answer =
                HedgedRequest.ask(
                        List.of(
                                () -> {
                                    try {
                                        return Latches.forEver();
                                    } finally {
                                        ended.countDown();
                                    }
                                },
                                () -> {
                                    throw new IOException("broken");
                                },
                                () -> "third"),
                        Duration.ofMillis(20));
        assertThat(answer).isEqualTo("third");
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void whereEveryReplicaFailsEveryFailureIsThere() {
        assertThatThrownBy(() ->
                        HedgedRequest.ask(
                                List.of(
                                        () -> {
                                            throw new IOException("a");
                                        },
                                        () -> {
                                            throw new IOException("b");
                                        }),
                                LONG))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
    }

    @Test
    void aRetryEndsAtItsDeadlineWithTheLastFailure() {
        assertThatThrownBy(() ->
                        Retry.until(
                                Deadline.after(Duration.ofMillis(200)),
                                Duration.ofMillis(1),
                                () -> {
                                    throw new IOException("still not");
                                }))
                .isInstanceOf(DeadlineExceededException.class)
                .satisfies(e ->
                        assertThat(e.getSuppressed()).singleElement().asString().contains("still"));
    }

    @Test
    void aRetryIsCancelledWithItsCaller() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<String> task =
                    group.fork(() ->
                            Retry.until(
                                    Deadline.never(),
                                    LONG,
                                    () -> {
                                        tried.countDown();
                                        throw new IOException("never");
                                    }));
            Latches.await(tried);
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    void aSearchTakesWhatCameAndEachShardKnowsItsTime() throws Exception {
        AtomicReference<Duration> told = new AtomicReference<>();
        Duration outer = Duration.ofSeconds(20);
        ScatterGather.Found found =
                CancelScope.withTimeout(
                        outer,
                        () ->
                                ScatterGather.search(
                                        List.of(
                                                (text, left) -> {
                                                    told.set(left);
                                                    return List.of(text);
                                                },
                                                (_, _) -> {
                                                    throw new IOException("broken");
                                                }),
                                        "lamp",
                                        Duration.ofMinutes(10)));
        assertThat(found).isEqualTo(new ScatterGather.Found(List.of("lamp"), 1));
        assertThat(told.get()).isPositive().isLessThanOrEqualTo(outer);
    }

    private static final class Events implements EventBridge.Source<String> {
        final CountDownLatch added = new CountDownLatch(1);
        final AtomicReference<Consumer<String>> listener = new AtomicReference<>();

        @Override
        public void add(Consumer<String> l) {
            listener.set(l);
            added.countDown();
        }

        @Override
        public void remove(Consumer<String> l) {
            listener.compareAndSet(l, null);
        }
    }

    @Test
    void anEventIsHandedOnAndTheListenerIsRemovedWhateverEndsTheWait() throws Exception {
        Events told = new Events();
        TaskGroup.run(group -> {
            Task<Optional<String>> wait = group.fork(() -> EventBridge.next(told, LONG));
            Latches.await(told.added);
            told.listener.get().accept("rain");
            assertThat(wait.await()).contains("rain");
        });
        assertThat(told.listener).hasNullValue();

        Events late = new Events();
        assertThat(EventBridge.next(late, Duration.ofMillis(10))).isEmpty();
        assertThat(late.listener).hasNullValue();

        Events cancelled = new Events();
        TaskGroup.run(group -> {
            Task<?> wait = group.fork(() -> EventBridge.next(cancelled, LONG));
            Latches.await(cancelled.added);
            assertThat(wait.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(cancelled.listener).hasNullValue();
    }
}
