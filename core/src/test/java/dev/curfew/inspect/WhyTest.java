package dev.curfew.inspect;

import static dev.curfew.inspect.Sketch.CALL;
import static dev.curfew.inspect.Sketch.FRAME;
import static dev.curfew.inspect.Sketch.of;
import static dev.curfew.inspect.Sketch.root;
import static dev.curfew.inspect.Sketch.tree;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of one entry, word by word. */
class WhyTest {
    @Test
    void allThatIsKnownOfATaskIsSaidAndThenOfWhatItWaitsFor() {
        TaskTree tree =
                tree(
                        root(Entry.Kind.SERVICE_GROUP, "s1").name("pool").tasks(2).origin(),
                        of(Entry.Kind.TASK, "31", "s1")
                                .name("poll")
                                .state(Entry.State.CANCELLING)
                                .age(1_240)
                                .asked("too old", -1)
                                .shielded()
                                .origin()
                                .awaitedBy("closer [9]", "main [1]")
                                .on("task last", Optional.of("40"), Optional.of(FRAME))
                                .stack(24),
                        of(Entry.Kind.SHIELD, "31.1", "31").left(250).shielded(),
                        of(Entry.Kind.TASK, "40", "s1")
                                .name("last")
                                .locked(
                                        Optional.of("a lock"),
                                        Optional.of("holder"),
                                        Optional.of(new Advice("lock", "use another", true))));

        assertThat(tree.why("31").orElseThrow())
                .isEqualTo(
                        """
                        task poll [31]
                          in: service group pool [s1]
                          state: CANCELLING, 1.2 s old
                          forked at: com.example.Poller.poll(Poller.java:7)
                          asked to stop: 1.5 s ago: REQUESTED "too old" by main
                            at com.example.Poller.poll(Poller.java:7)
                          told: not yet, as far as is known
                          held back: it is in a shield
                          has: shield [31.1]: 250 ms left
                          awaited by: closer [9], main [1]
                          waits for: task last [40]
                          now: WAITING
                        """
                                + "    at com.example.Poller.poll(Poller.java:7)\n".repeat(24)
                                + """
                                task last [40]
                                  in: service group pool [s1]
                                  state: RUNNING
                                  parked on: a lock, held by holder
                                  now: WAITING
                                  what to do: use another (lock)
                                """);
        assertThat(tree.why("31.1").orElseThrow())
                .isEqualTo(
                        """
                        shield [31.1]
                          in: task poll [31], in service group pool [s1]
                          state: RUNNING, 250 ms left
                        """);
        assertThat(tree.why("s1").orElseThrow())
                .startsWith(
                        """
                        service group pool [s1]
                          state: RUNNING
                          opened at: com.example.Poller.poll(Poller.java:7)
                          has: task poll [31]: CANCELLING, \
                        """)
                .contains("\n  has: task last [40]: in Queue.take at ");
        assertThat(tree.why("nothing")).isEmpty();
    }

    @Test
    void locksAreNamedAsFarAsTheyAreKnown() {
        TaskTree tree =
                tree(
                        root(Entry.Kind.THREAD, "1")
                                .locked(Optional.of("a lock"), Optional.empty(), Optional.empty()),
                        root(Entry.Kind.THREAD, "2")
                                .asked("", 3)
                                .origin()
                                .shielded()
                                .locked(Optional.empty(), Optional.of("holder"), Optional.empty())
                                .stack(26),
                        root(Entry.Kind.THREAD, "3")
                                .on("group x", Optional.empty(), Optional.of(CALL)));
        assertThat(tree.why("1").orElseThrow())
                .isEqualTo(
                        """
                        thread [1]
                          state: RUNNING
                          parked on: a lock
                          now: WAITING
                        """);
        assertThat(tree.why("2").orElseThrow())
                .isEqualTo(
                        """
                        thread [2]
                          state: RUNNING
                          forked at: com.example.Poller.poll(Poller.java:7)
                          asked to stop: 1.5 s ago: REQUESTED by main
                            at com.example.Poller.poll(Poller.java:7)
                          told: 3 ms after the request
                          held back: it is in a shield
                          the lock is held by: holder
                          now: WAITING
                        """
                                + "    at com.example.Poller.poll(Poller.java:7)\n".repeat(24)
                                + "    … and 2 more frames\n");
        assertThat(tree.why("3").orElseThrow())
                .isEqualTo(
                        """
                        thread [3]
                          state: RUNNING
                          waits for: group x
                          now: WAITING
                        """);
    }

    @Test
    void aChainOfWaitsEndsWhereItComesRoundAndAfterSixteenSteps() {
        TaskTree round =
                tree(
                        root(Entry.Kind.TASK, "1").on("b", Optional.of("2"), Optional.empty()),
                        root(Entry.Kind.TASK, "2").on("a", Optional.of("1"), Optional.empty()));
        assertThat(round.why("1").orElseThrow())
                .endsWith("… which waits for task [1] again, or for more\n")
                .containsOnlyOnce("task [2]\n");
        List<Sketch> sixteen = new ArrayList<>();
        for (int i = 1; i <= 16; i++) {
            sixteen.add(
                    root(Entry.Kind.TASK, "" + i)
                            .on("next", Optional.of("" + (i + 1)), Optional.empty()));
        }
        assertThat(tree(sixteen.toArray(Sketch[]::new)).why("1").orElseThrow())
                .contains("task [16]\n")
                .doesNotContain("…");
        sixteen.add(root(Entry.Kind.TASK, "17"));
        assertThat(tree(sixteen.toArray(Sketch[]::new)).why("1").orElseThrow())
                .endsWith("… which waits for task [17] again, or for more\n");
    }

    @Test
    void ofWhatIsAroundAndInsideSixteenAreNamed() {
        List<Sketch> sketches = new ArrayList<>();
        sketches.add(root(Entry.Kind.GROUP, "g0"));
        for (int i = 1; i <= 17; i++) {
            sketches.add(of(Entry.Kind.GROUP, "g" + i, "g" + (i - 1)));
        }
        for (int i = 1; i <= 16; i++) {
            sketches.add(of(Entry.Kind.TASK, "" + i, "g17"));
        }
        TaskTree tree = tree(sketches.toArray(Sketch[]::new));
        assertThat(tree.why("g17").orElseThrow())
                .contains("in group [g1]\n")
                .contains("  has: task [16]\n")
                .doesNotContain("g0", "…");
        sketches.add(of(Entry.Kind.TASK, "17", "g17"));
        assertThat(tree(sketches.toArray(Sketch[]::new)).why("g17").orElseThrow())
                .contains("  has: task [16]\n  has: … and more\n")
                .doesNotContain("task [17]");
    }

    @Test
    void theReportHasWhatWasAskedAndKeepsOthersWaitingSixteenOfIt() {
        Sketch waitsForItsOwn =
                root(Entry.Kind.TASK, "1")
                        .asked("", 1)
                        .on("group", Optional.of("1.1"), Optional.empty());
        Sketch waitsForAnother =
                root(Entry.Kind.TASK, "2")
                        .asked("", 1)
                        .on("task", Optional.of("1"), Optional.empty());
        Sketch scopeOfIt = of(Entry.Kind.SCOPE, "3.1", "3").asked("", -1);
        Sketch service = root(Entry.Kind.SERVICE_GROUP, "s1").asked("", -1);
        String report =
                tree(
                                waitsForItsOwn,
                                waitsForAnother,
                                root(Entry.Kind.TASK, "3"),
                                scopeOfIt,
                                service)
                        .report();
        assertThat(report)
                .contains("task [2]\n", "task [3]\n", "  has: scope [3.1]: ")
                .doesNotContain("\ntask [1]\n", "service group [s1]\n  state")
                .startsWith("task [2]\n")
                .endsWith("JDK " + Runtime.version() + "\n");
        assertThat(tree(service).report()).isEmpty();

        List<Sketch> many = new ArrayList<>();
        for (int i = 1; i <= 16; i++) {
            many.add(root(Entry.Kind.TASK, "" + i).asked("", -1));
        }
        assertThat(tree(many.toArray(Sketch[]::new)).report())
                .contains("task [16]\n")
                .doesNotContain(" more\n");
        many.add(root(Entry.Kind.TASK, "17").asked("", -1));
        many.add(root(Entry.Kind.TASK, "18").asked("", -1));
        assertThat(tree(many.toArray(Sketch[]::new)).report())
                .contains("task [16]\n", "and 2 more\n")
                .doesNotContain("task [17]\n");
    }
}
