package dev.curfew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example has a main that prints what is expected of it. */
class MainsTest {
    private static final Map<Class<?>, String> PRINTED =
            Map.ofEntries(
                    Map.entry(
                            ProductPage.class,
                            "Page[price=12 EUR, stock=3 left, reviews=Optional.empty]\n"),
                    Map.entry(HedgedRequest.class, "quick\n"),
                    Map.entry(
                            Batch.class,
                            "Report[done=[a, b, d], failed={c=java.io.IOException: c is broken}]\n"),
                    Map.entry(Poller.class, "polled three times and stopped\n"),
                    Map.entry(AcceptLoop.class, "you said hello\nstopped: []\n"),
                    Map.entry(PeriodicJob.class, "ran three times and stopped\n"),
                    Map.entry(Retry.class, "there after 3 attempts\n"),
                    Map.entry(JdbcQuery.class, "too slow\n42\n"),
                    Map.entry(ExternalProcess.class, "Result[code=0, output=hello\n]\n"),
                    Map.entry(Pipeline.class, "[1, 4, 9]\n"),
                    Map.entry(LeaseRenewal.class, "released\ndone\n"),
                    Map.entry(HttpShutdown.class, "hello\nfinished: true\n"),
                    Map.entry(CacheRefresh.class, "version 1\nversion 1\nversion 2\n"),
                    Map.entry(ScatterGather.class, "Found[hits=[lamp found], missing=1]\n"),
                    Map.entry(ProducerConsumer.class, "sum 10100\n"),
                    Map.entry(RateLimiter.class, "20 calls, five in each interval\n"),
                    Map.entry(ReadFiles.class, "2 lines\n"),
                    Map.entry(EventBridge.class, "Optional[it rains]\n"),
                    Map.entry(Supervisor.class, "restarted 2 times\n"),
                    Map.entry(Jobs.class, "[report]\nreport is stopped\n"));

    static List<Class<?>> examples() {
        return List.copyOf(PRINTED.keySet());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void printsWhatIsExpected(Class<?> example) throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            example.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"))
                .isEqualTo(PRINTED.get(example));
    }

    @Test
    void everyExampleIsHere() throws Exception {
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/curfew/examples"))) {
            assertThat(sources.map(p -> p.getFileName().toString().replace(".java", "")))
                    .filteredOn(name -> !name.equals("package-info"))
                    .containsExactlyInAnyOrderElementsOf(
                            PRINTED.keySet().stream().map(Class::getSimpleName).toList())
                    .hasSizeGreaterThanOrEqualTo(20);
        }
        assertThat(PRINTED.keySet()).allMatch(example -> Modifier.isPublic(example.getModifiers()));
    }
}
