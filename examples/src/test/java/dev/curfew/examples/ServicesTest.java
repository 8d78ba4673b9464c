package dev.curfew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskFailedException;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What runs in the background, and how it is closed. */
class ServicesTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aPollerSurvivesFailuresAndASwallowedInterrupt() throws Exception {
        CountDownLatch polled = new CountDownLatch(3);
        AtomicInteger polls = new AtomicInteger();
        Poller poller =
                new Poller(
                        () -> {
                            polls.incrementAndGet();
                            if (polled.getCount() > 1) {
                                throw new IOException("broken");
                            }
                            try {
                                polled.countDown();
                                Latches.forEver();
                            } catch (InterruptedException e) {
                                // a library that swallows it
                            }
                            return "news";
                        },
                        SOON,
                        _ -> polled.countDown());
        Latches.await(polled);
        poller.close();
        assertThat(polls).hasValue(3);
    }

    @Test
    void anAcceptLoopCutsWhatDoesNotFinishInTime() throws Exception {
        AcceptLoop loop = new AcceptLoop();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), loop.port())) {
            client.getOutputStream().write('a');
            client.getOutputStream().write('\n');
            assertThat(client.getInputStream().read()).isEqualTo('y');
            assertThat(loop.stop(SOON).stopped()).hasSize(1);
            client.setSoTimeout(30_000);
            try {
                client.getInputStream().readAllBytes(); // comes to its end
            } catch (SocketException reset) {
                // or is reset
            }
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), loop.port()).close())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aPeriodicJobNeverOverlapsAndGoesOnAfterAFailure() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch runs = new CountDownLatch(5);
        try (PeriodicJob _ =
                new PeriodicJob(
                        SOON,
                        () -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            Thread.sleep(5); // longer than the period
                            running.decrementAndGet();
                            runs.countDown();
                            if (runs.getCount() == 3) {
                                throw new IOException("broken");
                            }
                        })) {
            Latches.await(runs);
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void aShutdownLetsRequestsFinish() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        HttpShutdown server =
                new HttpShutdown(() -> {
                    started.countDown();
                    Latches.await(mayEnd);
                    return "done";
                });
        TaskGroup.run(group -> {
            Task<HttpResponse<String>> answer = group.fork(() -> get(server));
            Latches.await(started);
            Task<Boolean> shutdown = group.fork(() -> server.shutdown(LONG));
            mayEnd.countDown();
            assertThat(answer.await().body()).isEqualTo("done");
            assertThat(shutdown.await()).isTrue();
        });
    }

    @Test
    void aShutdownCutsRequestsThatDoNotFinish() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        HttpShutdown server =
                new HttpShutdown(() -> {
                    started.countDown();
                    return Latches.forEver();
                });
        TaskGroup.run(group -> {
            Task<HttpResponse<String>> answer = group.fork(() -> get(server));
            Latches.await(started);
            assertThat(server.shutdown(SOON)).isFalse();
            assertThat(answer.await().statusCode()).isEqualTo(503);
        });
    }

    private static HttpResponse<String> get(HttpShutdown server)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.address()).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aCacheLoadsOnceForManyReadersAndKeepsTheOldValueAfterAFailure() throws Exception {
        CountDownLatch mayLoad = new CountDownLatch(1);
        AtomicInteger loads = new AtomicInteger();
        try (CacheRefresh<String> cache =
                new CacheRefresh<>(() -> {
                    Latches.await(mayLoad);
                    if (loads.incrementAndGet() > 1) {
                        throw new IOException("broken");
                    }
                    return "first";
                })) {
            TaskGroup.run(group -> {
                Task<String> cancelled = group.fork(cache::get);
                Task<String> reader = group.fork(cache::get);
                cancelled.cancelAndJoin();
                mayLoad.countDown();
                assertThat(reader.await()).isEqualTo("first");
            });
            assertThat(loads).hasValue(1);
            assertThat(cache.refresh().join()).isInstanceOf(Outcome.Failed.class);
            assertThat(cache.get()).isEqualTo("first");
        }
    }

    @Test
    void aSupervisorRestartsSoManyTimesAndThenTellsTheLastFailure() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Supervisor supervisor = new Supervisor(SOON, 2)) {
            Task<Integer> worker =
                    supervisor.start(
                            "worker",
                            () -> {
                                throw new IOException("run " + runs.incrementAndGet());
                            });
            assertThatThrownBy(worker::await)
                    .isInstanceOf(TaskFailedException.class)
                    .hasRootCauseMessage("run 3");
        }
    }

    @Test
    void aSupervisorDoesNotRestartWhatItStops() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(1);
        try (Supervisor supervisor = new Supervisor(SOON, 100)) {
            supervisor.start(
                    "worker",
                    () -> {
                        runs.incrementAndGet();
                        started.countDown();
                        Latches.forEver();
                    });
            Latches.await(started);
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void aStoppedJobHasEndedWhenTheStopIsAnswered() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cleaned = new CountDownLatch(1);
        try (Jobs jobs = new Jobs()) {
            assertThat(
                            jobs.start(
                                    "report",
                                    () -> {
                                        started.countDown();
                                        try {
                                            return Latches.forEver();
                                        } finally {
                                            cleaned.countDown();
                                        }
                                    }))
                    .isTrue();
            assertThat(jobs.start("report", () -> "second")).isFalse();
            Latches.await(started);
            assertThat(jobs.stop("report")).isEqualTo("report is stopped");
            assertThat(cleaned.getCount()).isZero();
            assertThat(jobs.running()).isEmpty();
            assertThat(jobs.start("report", () -> "again")).isTrue();
            assertThat(jobs.stop("nothing")).isEqualTo("no job nothing");
        }
    }
}
