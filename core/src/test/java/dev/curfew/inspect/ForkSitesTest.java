package dev.curfew.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.CancelScope;
import dev.curfew.Outcome;
import dev.curfew.ServiceGroup;
import dev.curfew.Started;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.Tasks;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Jvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a task was forked is noted, at each level, whichever way it was forked. */
@Timeout(120)
class ForkSitesTest {
    /** Forks, in a JVM of its own, and prints where the tree says that this was. */
    static final class Forking {
        private static final int MANY = 5_000;

        private Forking() {}

        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "ways" -> ways();
                case "many" -> many();
                case "asked" -> asked();
                case "requests" -> requests();
                default -> throw new IllegalArgumentException(args[0]);
            }
            Runtime.getRuntime().halt(0);
        }

        private static void ways() throws Exception {
            CountDownLatch mayEnd = new CountDownLatch(1);
            CountDownLatch in = new CountDownLatch(10);
            ServiceGroup group = ServiceGroup.open("ways");
            ExecutorService executor = group.asExecutorService();
            group.fork(() -> stay(in, mayEnd, 0));
            group.fork("named", () -> stay(in, mayEnd));
            group.forkIsolated("isolated", () -> stay(in, mayEnd));
            group.forkBackground("background", () -> stay(in, mayEnd));
            Started<String> started =
                    group.start(
                            "started",
                            ready -> {
                                ready.with("yes");
                                stay(in, mayEnd);
                            });
            assertThat(started.value()).isEqualTo("yes");
            executor.execute(() -> stay(in, mayEnd));
            CompletableFuture.runAsync(() -> stay(in, mayEnd), executor);
            group.fork("around", () -> TaskGroup.run(block -> block.fork(() -> stay(in, mayEnd))));
            group.fork("map", () -> Tasks.map(List.of(1, 2), i -> stay(in, mayEnd, i)));
            in.await();
            for (Entry e : TaskTree.snapshot().entries()) {
                if (e.kind() == Entry.Kind.TASK) {
                    System.out.println(
                            e.name() + " " + e.origin().map(o -> o.getClassName()).orElse("-"));
                }
            }
        }

        private static void asked() throws Exception {
            ServiceGroup group = ServiceGroup.open("asked");
            Task<Integer> byTask = group.fork(Forking::forEver);
            Task<Integer> byMany = group.fork(Forking::forEver);
            print(byTask.cancelAndJoin());
            print(Tasks.cancelAndJoinAll(List.of(byMany)).getFirst());
            Task<Integer> byGroup = group.fork(Forking::forEver);
            group.close();
            print(byGroup.join());
        }

        private static int forEver() throws InterruptedException {
            Blocked.forEver();
            return 0;
        }

        private static void print(Outcome<?> outcome) {
            if (outcome instanceof Outcome.Cancelled<?> cancelled) {
                System.out.println(cancelled.reason().where().getFirst().getClassName());
            }
        }

        private static int stay(CountDownLatch in, CountDownLatch mayEnd, int i) {
            stay(in, mayEnd);
            return i;
        }

        private static void stay(CountDownLatch in, CountDownLatch mayEnd) {
            in.countDown();
            Blocked.uninterruptibly(mayEnd);
        }

        /** How many requests know who made them. */
        private static void requests() throws Exception {
            int placed = 0;
            for (int i = 0; i < MANY; i++) {
                List<CancelScope> scope = new ArrayList<>();
                CancelScope.run(s -> {
                    scope.add(s);
                    s.cancel();
                });
                if (!scope.getFirst().reason().orElseThrow().where().isEmpty()) {
                    placed++;
                }
            }
            System.out.println(placed);
        }

        private static void many() throws Exception {
            CountDownLatch mayEnd = new CountDownLatch(1);
            TaskGroup.run(group -> {
                for (int i = 0; i < MANY; i++) {
                    group.fork(() -> Blocked.await(mayEnd));
                }
                List<Entry> tasks =
                        TaskTree.snapshot(0).entries().stream()
                                .filter(e -> e.kind() == Entry.Kind.TASK)
                                .toList();
                System.out.println(tasks.stream().filter(e -> e.origin().isPresent()).count());
                System.out.println(tasks.stream().filter(e -> e.age().isPresent()).count());
                System.out.flush();
                mayEnd.countDown();
            });
        }
    }

    private static List<String> run(List<String> options, String what) throws Exception {
        try (Jvm jvm = Jvm.startWith(options, Forking.class, what)) {
            Jvm.End end = jvm.end();
            assertThat(end.err()).isEmpty();
            return end.out();
        }
    }

    @Test
    void thePlaceIsInTheProgramHoweverATaskIsForked() throws Exception {
        List<String> ways = run(List.of("-Ddev.curfew.forks=full"), "ways");
        assertThat(ways).hasSize(12);
        assertThat(ways).allSatisfy(way -> assertThat(way).contains(Forking.class.getName()));
    }

    @Test
    void whoAskedIsInTheProgramToo() throws Exception {
        String program = Forking.class.getName();
        assertThat(run(List.of(), "asked")).containsExactly(program, program, program);
    }

    @Test
    void ofARushOfRequestsSomeArePlacedByDefaultAllWithFullAndNoneWithOff() throws Exception {
        String all = Integer.toString(Forking.MANY);
        assertThat(Integer.parseInt(run(List.of(), "requests").getFirst()))
                .isBetween(1, Forking.MANY - 1);
        assertThat(run(List.of("-Ddev.curfew.sites=full"), "requests")).containsExactly(all);
        assertThat(run(List.of("-Ddev.curfew.sites=off"), "requests")).containsExactly("0");
    }

    @Test
    void ofARushSomeArePlacedByDefaultAllWithFullAndNoneWithOff() throws Exception {
        String all = Integer.toString(Forking.MANY);
        List<String> sampled = run(List.of(), "many");
        assertThat(Integer.parseInt(sampled.get(0))).isBetween(1, 1_024);
        assertThat(sampled.get(1)).as("the age of all").isEqualTo(all);
        assertThat(run(List.of("-Ddev.curfew.forks=full"), "many")).containsExactly(all, all);
        assertThat(run(List.of("-Ddev.curfew.forks=off"), "many")).containsExactly("0", "0");
        assertThat(run(List.of("-Ddev.curfew.sites=off"), "many")).containsExactly("0", all);
    }
}
