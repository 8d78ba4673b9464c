package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.curfew.internal.report.Reports;
import dev.curfew.testing.Blocked;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names and texts from outside harm no log, no terminal and no dump, wherever they are shown. */
@Timeout(60)
class HostileNamesTest {
    private static final String HOSTILE =
            "hostile\u001b[2J\r\n\u0085\u2028\u202e\u2066\u200f\ud800" + "x".repeat(1_000_000);

    private static void assertHarmless(String shown) {
        assertThat(shown.lines().toList())
                .allSatisfy(line ->
                        assertThat(line)
                                .hasSizeLessThan(3_000)
                                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]"));
        assertThat(shown).contains("hostile\ufffd[2J");
    }

    @Test
    void threadsAreNamedHarmlessly() throws Exception {
        ServiceGroup group = ServiceGroup.open(HOSTILE);
        Task<String> task = group.fork(HOSTILE, () -> Thread.currentThread().getName());
        assertThat(task.name()).isEqualTo(HOSTILE + "/" + HOSTILE);
        assertHarmless(task.await());
        group.close();
    }

    @Test
    void exceptionsAndReportsAreHarmless() throws Exception {
        List<String> reports = new CopyOnWriteArrayList<>();
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch reported = new CountDownLatch(2);
        Reports.Capture capture =
                Reports.capture((_, message, _) -> {
                    if (message.contains("hostile")) {
                        reports.add(message);
                        reported.countDown();
                    }
                });
        ServiceGroup group =
                ServiceGroup.open(HOSTILE, config -> config.withPatience(Duration.ofMillis(20)));
        Task<?> failed =
                group.fork(
                        HOSTILE,
                        () -> {
                            throw new IllegalStateException(HOSTILE);
                        });
        Task<?> stuck = group.fork(HOSTILE, () -> Blocked.uninterruptibly(mayEnd));
        stuck.cancel(HOSTILE);
        assertHarmless(
                catchThrowable(() -> stuck.cancelAndJoinWithin(Duration.ofMillis(1))).toString());
        Blocked.await(reported);
        mayEnd.countDown();
        assertHarmless(catchThrowable(failed::await).toString());
        Task<?> cancelled = group.fork(HOSTILE, () -> Blocked.forEver());
        cancelled.cancel(HOSTILE);
        assertHarmless(catchThrowable(cancelled::await).toString());
        assertHarmless(cancelled.toString());
        assertHarmless(cancelled.join().toString());
        assertHarmless(group.toString());
        ShutdownReport report = group.shutdown(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(report.toString()).doesNotContain("\u001b", "\r", "\u202e");
        assertHarmless(catchThrowable(() -> group.fork(() -> null)).toString());
        capture.close();
        assertThat(reports).isNotEmpty().allSatisfy(HostileNamesTest::assertHarmless);
    }
}
