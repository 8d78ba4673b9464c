package dev.curfew.cli.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Verdicts follow from the events, and turn with them. */
class JudgeTest {

    /** Made-up events, a millisecond apart. */
    private static Trace trace(String... lines) {
        List<Event> events = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 2);
            events.add(new Event(1_000_000L * events.size(), parts[0], parts[1]));
        }
        return new Trace(events);
    }

    static List<Arguments> madeUp() {
        return List.of(
                Arguments.of(
                        new CancelAndGet(),
                        true,
                        "after 2.0 ms",
                        trace(
                                "caller cancels",
                                "body ends",
                                "caller has waited",
                                "caller closes the connection")),
                Arguments.of(
                        new CancelAndGet(),
                        false,
                        "ended 3.0 ms later, and used the connection after it was closed",
                        trace(
                                "caller cancels",
                                "caller has waited",
                                "caller closes the connection",
                                "body uses the connection",
                                "body ends")),
                Arguments.of(
                        new CancelAndGet(),
                        false,
                        "did not end",
                        trace("caller cancels", "caller has waited")),
                Arguments.of(
                        new InterruptAndJoin(),
                        true,
                        "not lost",
                        trace(
                                "worker ends",
                                "caller leaves the wait",
                                "caller knows that it was interrupted")),
                Arguments.of(
                        new InterruptAndJoin(),
                        false,
                        "1.0 ms before the worker had ended, but its own interrupt was not lost",
                        trace(
                                "caller leaves the wait",
                                "worker ends",
                                "caller knows that it was interrupted")),
                Arguments.of(
                        new InterruptAndJoin(),
                        false,
                        "when the worker had ended, but its own interrupt was swallowed",
                        trace("worker ends", "caller leaves the wait")),
                Arguments.of(
                        new FutureTimeout(),
                        true,
                        "had ended",
                        trace(
                                "index is told to stop",
                                "index ends",
                                "caller is told that index is cancelled",
                                "report is told to stop",
                                "report ends",
                                "caller is told that report has timed out")),
                Arguments.of(
                        new FutureTimeout(),
                        false,
                        "One of the two",
                        trace(
                                "index is told to stop",
                                "index ends",
                                "caller is told that index is cancelled",
                                "caller is told that report has timed out",
                                "report is told to stop",
                                "report ends")),
                Arguments.of(
                        new FutureTimeout(),
                        false,
                        "index went on for 3.0 ms, report for 1.0 ms",
                        trace(
                                "caller is told that index is cancelled",
                                "caller is told that report has timed out",
                                "report ends",
                                "index ends")),
                Arguments.of(
                        new OptionalPart(),
                        true,
                        "sent nothing",
                        trace("somebody cancels the caller", "caller ends")),
                Arguments.of(
                        new OptionalPart(),
                        false,
                        "1.0 ms after it was cancelled",
                        trace("somebody cancels the caller", "caller has sent the mail")),
                Arguments.of(
                        new OptionalPart(),
                        false,
                        "not cancelled while it waited",
                        trace("caller has sent the mail", "somebody cancels the caller")),
                Arguments.of(
                        new BlockingInterrupt(),
                        true,
                        "back after 1.0 ms",
                        trace(
                                "caller asks the reader to stop",
                                "caller is back",
                                "writer writes",
                                "reader ends")),
                Arguments.of(
                        new BlockingInterrupt(),
                        false,
                        "blocked the caller for 2.0 ms",
                        trace("caller asks the reader to stop", "writer writes", "caller is back")),
                Arguments.of(
                        new BlockingInterrupt(),
                        false,
                        "for good",
                        trace("caller asks the reader to stop", "writer writes")),
                Arguments.of(
                        new ServiceClose(),
                        true,
                        "when the poller had ended",
                        trace(
                                "poller polls",
                                "owner closes the service",
                                "poller ends",
                                "owner has closed it")),
                Arguments.of(
                        new ServiceClose(),
                        false,
                        "2 times more",
                        trace(
                                "owner closes the service",
                                "owner has closed it",
                                "poller polls",
                                "poller polls")));
    }

    @ParameterizedTest
    @MethodSource("madeUp")
    void theVerdictTurnsWithTheEvents(Scene scene, boolean good, String text, Trace trace) {
        Verdict verdict = scene.judge(trace);
        assertThat(verdict.good()).as(verdict.text()).isEqualTo(good);
        assertThat(verdict.text()).contains(text);
    }
}
