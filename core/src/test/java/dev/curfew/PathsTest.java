package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PathsTest {
    /** The name of the innermost of so many nested blocks, g1 the outermost. */
    private static String nested(int depth) throws Exception {
        List<String> name = new ArrayList<>();
        nest(1, depth, name);
        return name.getFirst();
    }

    private static void nest(int level, int depth, List<String> name) throws Exception {
        TaskGroup.run(
                config -> config.withName("g" + level),
                group -> {
                    if (level == depth) {
                        name.add(group.name());
                    } else {
                        nest(level + 1, depth, name);
                    }
                });
    }

    private static String joined(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> "g" + i)
                .collect(Collectors.joining("/"));
    }

    @Test
    void aTasksNameIsThatOfItsGroupAndItsOwn() throws Exception {
        List<Task<?>> tasks = new ArrayList<>();
        TaskGroup.run(
                config -> config.withName("import"),
                group -> {
                    tasks.add(group.fork("fetch", () -> {}));
                    tasks.add(group.fork(() -> {}));
                });
        assertThat(tasks)
                .extracting(Task::name)
                .containsExactly("import/fetch", "import/#" + tasks.get(1).id());
    }

    @Test
    void namesGoThroughTasksScopesAndGroupsThatHaveNone() throws Exception {
        List<String> names = new ArrayList<>();
        TaskGroup.run(
                config -> config.withName("outer"),
                group ->
                        group.fork(
                                "task",
                                () ->
                                        CancelScope.shield(() ->
                                                TaskGroup.run(nameless -> {
                                                    names.add(nameless.name());
                                                    TaskGroup.run(
                                                            config -> config.withName("inner"),
                                                            inner -> names.add(inner.name()));
                                                }))));
        assertThat(names).containsExactly("outer/task", "outer/task/inner");
    }

    @Test
    void whatHasNoNameIsCalledAfterTheThreadThatOpenedIt() throws Exception {
        List<String> names = new ArrayList<>();
        Thread thread =
                Thread.ofPlatform()
                        .name("worker")
                        .start(() -> {
                            try {
                                TaskGroup.run(group -> {
                                    names.add(group.name());
                                    TaskGroup.run(
                                            config -> config.withName("inner"),
                                            inner -> names.add(inner.name()));
                                });
                                CancelScope.shield(() ->
                                        TaskGroup.run(
                                                config -> config.withName("named"),
                                                named -> {
                                                    names.add(named.name());
                                                    TaskGroup.run(in -> names.add(in.name()));
                                                }));
                            } catch (Exception e) {
                                names.add(e.toString());
                            }
                        });
        thread.join();
        assertThat(names).containsExactly("worker", "worker/inner", "named", "named");
    }

    @Test
    void aServiceGroupsNameStandsAlone() {
        ServiceGroup group = ServiceGroup.open("PathsTest");
        assertThat(group.name()).isEqualTo("PathsTest");
        group.close();
    }

    @Test
    void ofMoreThanFifteenPartsTheThreeOutermostAndTheTwelveInnermostAreLeft() throws Exception {
        assertThat(nested(15)).isEqualTo(joined(1, 15));
        assertThat(nested(16)).isEqualTo(joined(1, 3) + "/…/" + joined(5, 16));
        assertThat(nested(20)).isEqualTo(joined(1, 3) + "/…/" + joined(9, 20));
    }
}
