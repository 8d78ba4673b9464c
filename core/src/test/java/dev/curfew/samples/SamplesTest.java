package dev.curfew.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.DeadlineExceededException;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.internal.report.Report;
import dev.curfew.internal.watch.StuckAdvice;
import dev.curfew.testing.Blocked;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples run, and the documentation shows them word for word. */
class SamplesTest {
    private static final Path SOURCES = Path.of("src/test/java/dev/curfew/samples");
    private static final Pattern SHOWN =
            Pattern.compile("<!-- sample: (\\w+) (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theReadmeShowsWhatTheBuildCompiles() throws Exception {
        Matcher shown = SHOWN.matcher(Files.readString(Path.of("../README.md")));
        int count = 0;
        while (shown.find()) {
            assertThat(shown.group(3)).isEqualTo(region(shown.group(1), shown.group(2)));
            count++;
        }
        assertThat(count).isPositive();
    }

    @Test
    void everyWarningHasASectionAndEveryAdviceASampleThatCompiles() throws Exception {
        String page = Files.readString(Path.of("../docs/warnings.md"));
        for (Report report : Report.values()) {
            assertThat(page)
                    .contains(
                            "\n## " + report.key() + "\n",
                            "`-Ddev.curfew.warn." + report.key() + "=off`",
                            "| [" + report.key() + "](#" + report.key() + ") | " + report.level());
        }
        for (StuckAdvice advice : StuckAdvice.values()) {
            assertThat(page).contains("\n### " + advice.key() + "\n", advice.text());
        }
        Matcher shown = SHOWN.matcher(page);
        int count = 0;
        while (shown.find()) {
            assertThat(shown.group(3)).isEqualTo(region(shown.group(1), shown.group(2)));
            count++;
        }
        assertThat(count).isEqualTo(StuckAdvice.values().length + 1);
    }

    private static String region(String file, String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(file + ".java"));
        Matcher region =
                Pattern.compile(
                                "// @start region=\"" + name + "\"\n(.*?)\n *// @end",
                                Pattern.DOTALL)
                        .matcher(source);
        assertThat(region.find()).as(name).isTrue();
        return region.group(1).stripTrailing().stripIndent().strip() + "\n";
    }

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
        var mails = new LinkedBlockingQueue<String>();
        ApiSamples.Mailer mailer = new ApiSamples.Mailer(mails);
        mails.put("hello");
        mailer.close();
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
                                "dev.curfew",
                                "dev.curfew.inspect",
                                "dev.curfew.spi");
        assertThat(code).as(log.toString()).isZero();
    }
}
