package dev.curfew.inspect;

import static dev.curfew.inspect.Sketch.CALL;
import static dev.curfew.inspect.Sketch.FRAME;
import static dev.curfew.inspect.Sketch.of;
import static dev.curfew.inspect.Sketch.root;
import static dev.curfew.inspect.Sketch.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a tree, word by word. */
class TreeTextTest {
    private static final Optional<Advice> ADVICE =
            Optional.of(new Advice("lock", "use another", true));

    @Test
    void eachPartOfAnEntryHasItsPlaceInItsLine() {
        TaskTree tree =
                tree(
                        root(Entry.Kind.SERVICE_GROUP, "s1")
                                .name("pool")
                                .age(61_000)
                                .tasks(1)
                                .awaitedBy("closer [9]", "other [10]"),
                        of(Entry.Kind.TASK, "31", "s1")
                                .name("poll")
                                .state(Entry.State.CANCELLING)
                                .age(1_240)
                                .asked("too old", -1)
                                .shielded()
                                .awaitedBy("not shown [1]")
                                .on("task last", Optional.of("40"), Optional.of(FRAME)),
                        of(Entry.Kind.SCOPE, "31.1", "31").left(0),
                        of(Entry.Kind.SHIELD, "31.2", "31.1").left(250).shielded(),
                        of(Entry.Kind.HOOK, "31.3", "31.2"),
                        of(Entry.Kind.GROUP, "31.4", "31.3")
                                .name("inner")
                                .state(Entry.State.ENDING)
                                .tasks(2)
                                .awaitedBy("poll [31]"),
                        of(Entry.Kind.TASK, "40", "31.4")
                                .name("last")
                                .state(Entry.State.CLEANING_UP)
                                .asked("", 20)
                                .locked(Optional.empty(), Optional.empty(), ADVICE),
                        of(Entry.Kind.TASK, "41", "31.4")
                                .state(Entry.State.ENDING)
                                .on("group x", Optional.empty(), Optional.empty()),
                        root(Entry.Kind.THREAD, "1")
                                .name("main")
                                .at(Optional.of(FRAME), Optional.empty()),
                        root(Entry.Kind.THREAD, "2").at(Optional.empty(), Optional.of(CALL)));

        assertThat(tree.text())
                .isEqualTo(
                        """
                        service group pool [s1]: 1 task, 1 min 1 s old, awaited by closer [9], other [10]
                        └─ task poll [31]: CANCELLING, 1.2 s old, asked 1.5 s ago: REQUESTED "too old" by main, in a shield, waits for task last [40] at com.example.Poller.poll(Poller.java:7)
                           └─ scope [31.1]: its time is up
                              └─ shield [31.2]: 250 ms left
                                 └─ scope with a hook [31.3]
                                    └─ group inner [31.4]: at its end, 2 tasks, awaited by poll [31]
                                       ├─ task last [40]: STUCK, asked 1.5 s ago: REQUESTED by main, told after 20 ms, in Queue.take at com.example.Poller.poll(Poller.java:7) (does not react: lock)
                                       └─ task [41]: telling its listeners, waits for group x
                        thread main [1]: at com.example.Poller.poll(Poller.java:7)
                        thread [2]
                        """);
    }

    @Test
    void whatIsRarerIsSaidToo() {
        Advice reacts = new Advice("swallowed", "let it through", false);
        TaskTree tree =
                tree(
                        root(Entry.Kind.TASK, "1").runnable(),
                        root(Entry.Kind.TASK, "2").runnable().stack(1),
                        root(Entry.Kind.TASK, "3").asked("", -1).because("disk full"),
                        root(Entry.Kind.TASK, "4")
                                .locked(Optional.empty(), Optional.empty(), Optional.of(reacts)),
                        root(Entry.Kind.TASK, "5")
                                .locked(Optional.empty(), Optional.of("holder"), Optional.empty()));
        assertThat(tree.text())
                .isEqualTo(
                        """
                        task [1]: has not begun
                        task [2]
                        task [3]: asked 1.5 s ago: REQUESTED by main because of disk full
                        task [4]: in Queue.take at com.example.Poller.poll(Poller.java:7) (see: swallowed)
                        task [5]: in Queue.take at com.example.Poller.poll(Poller.java:7), the lock is held by holder
                        """);
    }

    @Test
    void theLinesBesideAnEntryShowWhetherMoreFollowsAndTheIndentEndsAtSixty() {
        List<Sketch> sketches = new ArrayList<>();
        sketches.add(root(Entry.Kind.GROUP, "0"));
        sketches.add(of(Entry.Kind.GROUP, "1", "0"));
        sketches.add(of(Entry.Kind.SCOPE, "0.1", "0"));
        for (int i = 2; i < 25; i++) {
            sketches.add(of(Entry.Kind.GROUP, "" + i, "" + (i - 1)));
        }
        List<String> lines = tree(sketches.toArray(Sketch[]::new)).text().lines().toList();
        assertThat(lines.get(1)).isEqualTo("├─ group [1]: 0 tasks");
        assertThat(lines.get(2)).isEqualTo("│  └─ group [2]: 0 tasks");
        assertThat(lines.get(20)).isEqualTo("│  " + " ".repeat(54) + "└─ group [20]: 0 tasks");
        assertThat(lines.get(21)).isEqualTo("│  " + " ".repeat(57) + "└─ group [21]: 0 tasks");
        assertThat(lines.get(24)).isEqualTo("│  " + " ".repeat(57) + "└─ group [24]: 0 tasks");
        assertThat(lines.get(25)).isEqualTo("└─ scope [0.1]");
    }

    @Test
    void ofMoreChildrenThanAreToBeShownTheRestIsCounted() {
        TaskTree tree =
                tree(
                        root(Entry.Kind.SERVICE_GROUP, "s1").tasks(3),
                        of(Entry.Kind.TASK, "1", "s1"),
                        of(Entry.Kind.TASK, "2", "s1"),
                        of(Entry.Kind.TASK, "3", "s1").asked("", -1));
        assertThat(tree.text(1).lines())
                .containsExactly(
                        "service group [s1]: 3 tasks",
                        "├─ task [3]: asked 1.5 s ago: REQUESTED by main",
                        "└─ … and 2 more");
        assertThat(tree.text(3)).doesNotContain("more");
        assertThatThrownBy(() -> tree.text(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTimeIsToldAsFinelyAsItMatters() {
        assertThat(TreeText.rough(Duration.ofNanos(1_999))).isEqualTo("0.001 ms");
        assertThat(TreeText.rough(Duration.ofNanos(999_999))).isEqualTo("0.999 ms");
        assertThat(TreeText.rough(Duration.ofNanos(1_000_000))).isEqualTo("1 ms");
        assertThat(TreeText.rough(Duration.ofNanos(1_999_999))).isEqualTo("1 ms");
        assertThat(TreeText.rough(Duration.ofMillis(999))).isEqualTo("999 ms");
        assertThat(TreeText.rough(Duration.ofMillis(1_099))).isEqualTo("1 s");
        assertThat(TreeText.rough(Duration.ofMillis(3_660_999))).isEqualTo("1 h 1 min");
        assertThat(TreeText.call(new StackTraceElement("Main", "main", null, 1)))
                .isEqualTo("Main.main");
    }

    @Test
    @Conformance("IN07")
    void aSnapshotIsCounted() {
        TaskTree tree =
                tree(
                        root(Entry.Kind.SERVICE_GROUP, "s1").left(900),
                        of(Entry.Kind.TASK, "1", "s1").runnable(),
                        of(Entry.Kind.TASK, "2", "s1").state(Entry.State.CLEANING_UP),
                        of(Entry.Kind.GROUP, "2.1", "2").left(20),
                        of(Entry.Kind.TASK, "3", "2.1").at(Optional.of(FRAME), Optional.empty()),
                        of(Entry.Kind.TASK, "4", "2.1").at(Optional.of(FRAME), Optional.empty()),
                        root(Entry.Kind.THREAD, "9").runnable(),
                        of(Entry.Kind.SCOPE, "9.1", "9").left(30));
        Statistics counted = tree.statistics();
        assertThat(counted.live()).isEqualTo(4);
        assertThat(counted.tasks())
                .isEqualTo(
                        Map.of(
                                Entry.State.RUNNING,
                                3,
                                Entry.State.CANCELLING,
                                0,
                                Entry.State.CLEANING_UP,
                                1,
                                Entry.State.ENDING,
                                0));
        assertThat(counted.groups()).isEqualTo(2);
        assertThat(counted.runnable()).isEqualTo(1);
        assertThat(counted.nextDeadline()).contains(Duration.ofMillis(20));
        assertThat(tree().statistics().nextDeadline()).isEmpty();
        assertThatThrownBy(() -> counted.tasks().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
