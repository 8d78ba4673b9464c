package dev.curfew.internal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final class Events implements Reports.Sink {
        final List<String> events = new CopyOnWriteArrayList<>();
        volatile @Nullable Throwable problem;

        @Override
        public void report(Report id, String message, @Nullable Throwable problem) {
            events.add(id + " " + message);
            this.problem = problem;
        }

        /** Other tests may be reporting at the same time. */
        List<String> ofThisTest() {
            return events.stream().filter(e -> e.contains("ReportsTest")).toList();
        }
    }

    @Test
    void captureGetsEachReportWithItsProblem() {
        Events events = new Events();
        RuntimeException problem = new RuntimeException();
        try (Reports.Capture capture = Reports.capture(events)) {
            assertThat(capture).isNotNull();
            Reports.report(Report.STUCK, "ReportsTest one");
            Reports.report(Report.INTERNAL, "ReportsTest two", problem);
        }

        assertThat(events.ofThisTest())
                .containsExactly("STUCK ReportsTest one", "INTERNAL ReportsTest two");
        assertThat(events.problem).isSameAs(problem);
    }

    @Test
    void everyOpenCaptureGetsEachReportAndAClosedOneNone() {
        Events events = new Events();
        Reports.Capture outer = Reports.capture(events);
        Reports.Capture inner = Reports.capture(events);
        Reports.report(Report.STUCK, "ReportsTest both");
        outer.close();
        outer.close();
        Reports.report(Report.STUCK, "ReportsTest inner");
        inner.close();
        try (Reports.Capture quiet = Reports.capture((id, message, problem) -> {})) {
            assertThat(quiet).isNotNull();
            Reports.report(Report.STUCK, "ReportsTest none");
        }

        assertThat(events.ofThisTest())
                .containsExactly(
                        "STUCK ReportsTest both",
                        "STUCK ReportsTest both",
                        "STUCK ReportsTest inner");
    }

    @Test
    void sinkThatThrowsReachesNeitherTheReporterNorTheNextSink() {
        Events events = new Events();
        try (Reports.Capture broken =
                        Reports.capture((id, message, problem) -> {
                            throw new StackOverflowError("the logger's own");
                        });
                Reports.Capture next = Reports.capture(events)) {
            assertThat(broken).isNotNull();
            assertThat(next).isNotNull();
            assertThatCode(() -> Reports.report(Report.STUCK, "ReportsTest: a test of a sink"))
                    .doesNotThrowAnyException();
        }

        assertThat(events.ofThisTest()).hasSize(1);
    }

    @Test
    void everyReportIsLoudEnoughForADefaultLogAndAllButAbsorbedAreWarnings() {
        assertThat(Report.values())
                .allSatisfy(report ->
                        assertThat(report.level())
                                .isGreaterThanOrEqualTo(
                                        report == Report.ABSORBED
                                                ? System.Logger.Level.INFO
                                                : System.Logger.Level.WARNING));
    }
}
