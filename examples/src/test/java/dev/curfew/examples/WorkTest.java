package dev.curfew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.CancelScope;
import dev.curfew.DeadlineExceededException;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches, pipelines, queries, processes and files. */
class WorkTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aBatchKeepsItsLimitAndReportsWhatFailed() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        Batch.Report<Integer> report =
                Batch.run(
                        IntStream.range(0, 20).boxed().toList(),
                        3,
                        item -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            three.countDown();
                            Latches.await(three);
                            running.decrementAndGet();
                            if (item % 5 == 0) {
                                throw new IOException("no " + item);
                            }
                        });
        assertThat(report.failed().keySet()).containsExactly(0, 5, 10, 15);
        assertThat(report.done()).hasSize(16);
        // A permit is given back by the ended task's listener, after its last line above.
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void aBatchIsCancelledWithItsCaller() throws Exception {
        CountDownLatch started = new CountDownLatch(2);
        AtomicInteger ended = new AtomicInteger();
        TaskGroup.run(group -> {
            Task<?> batch =
                    group.fork(() ->
                            Batch.run(
                                    List.of(1, 2, 3, 4),
                                    2,
                                    _ -> {
                                        started.countDown();
                                        try {
                                            Latches.forEver();
                                        } finally {
                                            ended.incrementAndGet();
                                        }
                                    }));
            Latches.await(started);
            assertThat(batch.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
            assertThat(ended).hasValue(2);
        });
    }

    @Test
    void aCancelledQueryLeavesItsConnectionUsable() throws Exception {
        String slow = "select count(*) from system_range(1, 1000000) a, system_range(1, 1000000) b";
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            assertThatThrownBy(() ->
                            CancelScope.withTimeout(
                                    Duration.ofMillis(300),
                                    () -> JdbcQuery.number(connection, slow)))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThat(JdbcQuery.number(connection, "select 7")).isEqualTo(7);
        }
    }

    @Test
    void aProcessIsStoppedWithItsTaskAndHasEnded() throws Exception {
        assertThat(ExternalProcess.run(LONG, List.of("sh", "-c", "echo out; exit 3")))
                .isEqualTo(new ExternalProcess.Result(3, "out\n"));
        Set<Long> before = children();
        CountDownLatch started = new CountDownLatch(1);
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() -> {
                        started.countDown();
                        return ExternalProcess.run(LONG, List.of("sleep", "600"));
                    });
            Latches.await(started);
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(children()).isSubsetOf(before);
    }

    private static Set<Long> children() {
        Set<Long> pids = ConcurrentHashMap.newKeySet();
        ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .forEach(p -> pids.add(p.pid()));
        return pids;
    }

    @Test
    void aProcessThatIgnoresTheRequestIsKilledAfterTheGrace(@TempDir Path directory)
            throws Exception {
        Path ready = directory.resolve("ready");
        String script = "trap '' TERM; touch " + ready + "; while :; do sleep 0.1; done";
        TaskGroup.run(group -> {
            Task<?> task =
                    group.fork(() ->
                            ExternalProcess.run(
                                    Duration.ofMillis(100), List.of("sh", "-c", script)));
            long limit = System.nanoTime() + LONG.toNanos();
            while (!Files.exists(ready) && System.nanoTime() < limit) {
                CancelScope.sleep(Duration.ofMillis(5));
            }
            assertThat(ready).exists();
            assertThat(task.cancelAndJoin()).isInstanceOf(Outcome.Cancelled.class);
        });
    }

    @Test
    void aPipelineKeepsTheOrderAndStopsWhenAStageFails() throws Exception {
        List<Integer> items = IntStream.range(0, 1000).boxed().toList();
        assertThat(Pipeline.run(items, n -> n + 1, n -> n * 2))
                .isEqualTo(items.stream().map(n -> (n + 1) * 2).toList());
        assertThatThrownBy(() ->
                        Pipeline.run(
                                items,
                                n -> n,
                                n -> {
                                    if (n == 500) {
                                        throw new IOException("broken");
                                    }
                                    return n;
                                }))
                .isInstanceOf(TaskFailedException.class)
                .hasRootCauseMessage("broken");
    }

    private static final class RecordingLease implements LeaseRenewal.Lease {
        final List<String> events = new ArrayList<>();
        private final boolean lost;

        RecordingLease(boolean lost) {
            this.lost = lost;
        }

        synchronized void saw(String event) {
            events.add(event);
        }

        @Override
        public void renew() throws IOException {
            if (lost) {
                throw new IOException("lost");
            }
            saw("renewed");
        }

        @Override
        public void release() {
            saw("released");
        }
    }

    @Test
    void workStopsWhenItsLeaseIsLostAndTheLeaseIsReleasedAfterIt() throws Exception {
        RecordingLease lease = new RecordingLease(true);
        assertThatThrownBy(() ->
                        LeaseRenewal.holding(
                                lease,
                                Duration.ofMillis(1),
                                () -> {
                                    try {
                                        return Latches.forEver();
                                    } finally {
                                        lease.saw("stopped");
                                    }
                                }))
                .isInstanceOf(TaskFailedException.class)
                .hasRootCauseMessage("lost");
        assertThat(lease.events).containsExactly("stopped", "released");
    }

    @Test
    void producersAndConsumersLoseNothing() throws Exception {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        List<ProducerConsumer.Producer<Integer>> producers = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            int first = p * 1000;
            producers.add(sink -> {
                for (int i = 0; i < 1000; i++) {
                    sink.put(first + i);
                }
            });
        }
        ProducerConsumer.run(producers, 3, seen::add);
        assertThat(seen).hasSize(4000);
    }

    @Test
    void aConsumerThatFailsStopsTheProducers() {
        CountDownLatch ended = new CountDownLatch(1);
        ProducerConsumer.Producer<String> endless =
                sink -> {
                    try {
                        while (true) {
                            sink.put("more");
                        }
                    } finally {
                        ended.countDown();
                    }
                };
        assertThatThrownBy(() ->
                        ProducerConsumer.run(
                                List.of(endless),
                                2,
                                _ -> {
                                    throw new IOException("full");
                                }))
                .isInstanceOf(TaskFailedException.class)
                .hasRootCauseMessage("full");
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void aRateLimiterMakesCallersWaitAndLetsThemBeCancelled() throws Exception {
        RateLimiter limiter = new RateLimiter(2, Duration.ofHours(1));
        limiter.acquire();
        limiter.acquire();
        assertThat(
                        CancelScope.withTimeoutOrEmpty(
                                Duration.ofMillis(50),
                                () -> {
                                    limiter.acquire();
                                    return "through";
                                }))
                .isEmpty();
        RateLimiter quick = new RateLimiter(2, Duration.ofMillis(5));
        for (int i = 0; i < 10; i++) {
            quick.acquire();
        }
    }

    @Test
    void filesAreReadOnPlatformThreadsAndAMissingOneIsAnIOException(@TempDir Path directory)
            throws Exception {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            files.add(Files.writeString(directory.resolve("f" + i), "line\n".repeat(i)));
        }
        assertThat(ReadFiles.lines(files, 8)).hasSize(50).containsEntry(files.get(7), 7L);
        files.add(directory.resolve("missing"));
        assertThatThrownBy(() -> ReadFiles.lines(files, 8)).isInstanceOf(NoSuchFileException.class);
    }
}
