package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.inspect.TaskTree;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls back into the library from all the code of others that it runs, but hooks, listeners of one
 * task and thread factories: those are in {@link BadInputTest}.
 */
@Timeout(60)
class ReentranceTest {
    private final ServiceGroup other = ServiceGroup.open("ReentranceTest-other");
    private final List<String> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        other.close();
    }

    /** Forks into a group that lives on, opens a block and a scope, and looks at the tree. */
    private void callBack(String who) {
        try {
            other.fork(() -> {});
            int block = TaskGroup.call(group -> group.fork(() -> 3).await());
            int scope = CancelScope.withTimeout(Duration.ofMinutes(1), () -> 4);
            assertThat(TaskTree.snapshot().entries()).isNotEmpty();
            events.add(who + " " + block + scope);
        } catch (InterruptedException e) {
            events.add(who + " was interrupted");
        }
    }

    @Test
    @Conformance("CU08")
    void aProcessWideListenerMayCallBack() throws Exception {
        String name = "ReentranceTest-listened";
        CountDownLatch requested = new CountDownLatch(1);
        TaskListener listener =
                new TaskListener() {
                    @Override
                    public void started(Task<?> task) {
                        if (task.name().startsWith(name)) {
                            other.fork(() -> {});
                            events.add("started " + task.state());
                        }
                    }

                    @Override
                    public void cancelRequested(Task<?> task, CancelReason reason) {
                        if (task.name().startsWith(name)) {
                            other.fork(() -> {});
                            events.add("requested");
                            requested.countDown();
                        }
                    }

                    @Override
                    public void ended(Task<?> task) {
                        if (task.name().startsWith(name)) {
                            other.fork(() -> {});
                            events.add("ended, cancel " + task.cancel());
                        }
                    }

                    @Override
                    public void reported(String kind, String message, @Nullable Throwable problem) {
                        if (message.contains(name)) {
                            other.fork(() -> {});
                            events.add(kind);
                        }
                    }
                };
        Listeners.add(listener);
        try {
            TaskGroup.run(
                    config -> config.withName(name).withFailurePolicy(FailurePolicy.KEEP_GOING),
                    group -> {
                        Task<?> task =
                                group.fork(() -> {
                                    Blocked.uninterruptibly(requested);
                                    Thread.interrupted();
                                    throw new IOException("x");
                                });
                        Blocked.until(() -> events.contains("started RUNNING"));
                        task.cancel();
                    });
            assertThat(events)
                    .containsExactly(
                            "started RUNNING",
                            "requested",
                            "ended, cancel false",
                            "failure-unread");
        } finally {
            Listeners.remove(listener);
        }
    }

    @Test
    @Conformance("CU08")
    void aContextCarrierMayCallBackAtEachOfItsThreeCalls() throws Exception {
        ContextCarrier carrier =
                () -> {
                    callBackWithoutCarrier("capture");
                    return () -> {
                        callBackWithoutCarrier("restore");
                        return () -> callBackWithoutCarrier("clear");
                    };
                };
        int value =
                TaskGroup.call(
                        config -> config.withContextCarrier(carrier),
                        group -> group.fork(() -> 5).await());
        assertThat(value).isEqualTo(5);
        assertThat(events).containsExactly("capture 34", "restore 34", "clear 34");
    }

    /** A block in a task carries on: the carrier would call itself without end. */
    private void callBackWithoutCarrier(String who) {
        try {
            Task<?> task = other.fork(() -> callBack(who));
            CancelScope.shield(task::join);
        } catch (InterruptedException e) {
            events.add(who + " was interrupted");
        }
    }

    @Test
    @Conformance("CU08")
    void aDisposerMayCallBack() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Callable<String> loser =
                () -> {
                    started.countDown();
                    try {
                        Blocked.forEver();
                    } catch (InterruptedException e) {
                        return "lost";
                    }
                    return "";
                };
        Callable<String> winner =
                () -> {
                    Blocked.await(started);
                    return "won";
                };
        String won = Tasks.race(List.of(loser, winner), this::callBack);
        assertThat(won).isEqualTo("won");
        assertThat(events).containsExactly("lost 34");
    }

    @Test
    @Conformance("CU08")
    void aFailureHandlerMayOpenABlockAndWaitForIt() throws Exception {
        ServiceGroup group =
                ServiceGroup.open(
                        "ReentranceTest-handler",
                        config -> config.withFailureHandler((_, e) -> callBack(e.getMessage())));
        group.fork(() -> {
            throw new IOException("handled");
        });
        group.join();
        group.close();
        assertThat(events).containsExactly("handled 34");
    }

    @Test
    @Conformance("CU08")
    void whatConfiguresAGroupMayCallBack() throws Exception {
        TaskGroup.run(
                config -> {
                    callBack("config");
                    return config;
                },
                group -> group.fork(() -> callBack("task")));
        assertThat(events).containsExactly("config 34", "task 34");
    }
}
