package dev.curfew.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.DeadlineExceededException;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.testing.Blocked;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the README and of the API's documentation run. */
class SamplesTest {
    private static final class FakeShop implements FirstSample.Shop {
        final AtomicBoolean cleaned = new AtomicBoolean();
        final boolean slow;

        FakeShop(boolean slow) {
            this.slow = slow;
        }

        @Override
        public String price(String item) throws InterruptedException {
            if (slow) {
                Blocked.forEver();
            }
            return "12 EUR";
        }

        @Override
        public String stock(String item) {
            return "3 left";
        }

        @Override
        public void watchForRecalls(String item) throws InterruptedException {
            try {
                Blocked.forEver();
            } finally {
                cleaned.set(true);
            }
        }
    }

    @Test
    void theFirstSampleReturnsItsOfferAndStopsItsWatch() throws Exception {
        FakeShop shop = new FakeShop(false);
        assertThat(FirstSample.offerInTime(shop, "lamp")).isEqualTo("12 EUR, 3 left");
        assertThat(shop.cleaned).isTrue();
        FakeShop slow = new FakeShop(true);
        assertThatThrownBy(() -> FirstSample.offerInTime(slow, "lamp"))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(slow.cleaned).isTrue();
    }

    @Test
    void theOtherSamplesRun() throws Exception {
        ApiSamples.config();
        TaskGroup.run(
                config -> config.withFailurePolicy(dev.curfew.FailurePolicy.KEEP_GOING),
                group -> {
                    Task<ApiSamples.Page> page = group.fork(() -> new ApiSamples.Page("title"));
                    assertThat(ApiSamples.outcome(page)).isEqualTo("title");
                    Task<ApiSamples.Page> broken =
                            group.fork(() -> {
                                throw new IOException("gone");
                            });
                    assertThatThrownBy(() -> ApiSamples.rethrow(broken))
                            .isInstanceOf(IOException.class);
                });
        CountDownLatch flushed = new CountDownLatch(1);
        ApiSamples.cleanUp(() -> {}, flushed::countDown);
        assertThat(flushed.getCount()).isZero();
        ServiceGroup group = ServiceGroup.open("mirrors");
        assertThat(ExecutorSamples.fastest(group, List.of(() -> "page"))).isEqualTo("page");
        Task<Integer> one = group.fork(() -> 1);
        assertThat(one.await()).isEqualTo(1);
        group.close();
        assertThat(ScopedValue.where(ContextSamples.USER, "Ada").call(ContextSamples::greeting))
                .isEqualTo("hello Ada");
        ContextSamples.TENANT.set("blue");
        TaskGroup.run(
                config -> config.withContextCarrier(new ContextSamples.TenantCarrier()),
                blue ->
                        assertThat(blue.fork(() -> ContextSamples.TENANT.get()).await())
                                .isEqualTo("blue"));
        ContextSamples.TENANT.remove();
        var live = new ListenerSamples.LiveTasks();
        live.started(one);
        live.ended(one);
        assertThat(ListenerSamples.LiveTasks.LIVE.sum()).isZero();
        var mails = new LinkedBlockingQueue<String>();
        ApiSamples.Mailer mailer = new ApiSamples.Mailer(mails);
        mails.put("hello");
        mailer.close();
    }

    @Test
    void theSamplesOfRolesRun() throws Exception {
        assertThat(RolesSamples.page(() -> "text", () -> "+ad")).isEqualTo("text+ad");
        assertThat(
                        RolesSamples.page(
                                () -> "text",
                                () -> {
                                    throw new IOException("no ad today");
                                }))
                .isEqualTo("text");
        CountDownLatch renewed = new CountDownLatch(1);
        RolesSamples.batch(
                renewed::countDown,
                () -> {
                    Blocked.await(renewed);
                    return 1;
                });
        TaskGroup.run(group -> {
            int port = RolesSamples.server(group);
            try (var socket = new java.net.Socket("localhost", port)) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            group.cancel();
        });
        ServiceGroup workers = ServiceGroup.open("workers");
        workers.fork(() -> 1);
        assertThat(RolesSamples.shutdown(workers).complete()).isTrue();
    }

    @Test
    void theSamplesOfTasksRun() throws Exception {
        assertThat(TasksSamples.prices(item -> item + " 1 EUR", List.of("lamp", "desk")))
                .containsExactly("lamp 1 EUR", "desk 1 EUR");
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 10, here);
                Socket socket = TasksSamples.connect(List.of(here, here), server.getLocalPort())) {
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.isClosed()).isFalse();
        }
        TaskGroup.run(group -> {
            Task<String> a = group.fork(() -> "a");
            Task<String> b = group.fork(() -> "b");
            Task<String> never =
                    group.fork(() -> {
                        Blocked.forEver();
                        return "";
                    });
            assertThat(TasksSamples.firstTwo(List.of(never, a, b)))
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(never.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void everyPublicTypeAndMethodIsDocumentedAndItsSnippetsExist(@TempDir Path out) {
        StringWriter log = new StringWriter();
        int code =
                ToolProvider.findFirst("javadoc")
                        .orElseThrow()
                        .run(
                                new PrintWriter(log),
                                new PrintWriter(log),
                                "-quiet",
                                "-Xdoclint:all,-missing",
                                "-Werror",
                                "--snippet-path",
                                "src/test/java",
                                "--source-path",
                                "src/main/java",
                                "--module-path",
                                System.getProperty("java.class.path"),
                                "-d",
                                out.toString(),
                                "dev.curfew");
        assertThat(code).as(log.toString()).isZero();
    }
}
