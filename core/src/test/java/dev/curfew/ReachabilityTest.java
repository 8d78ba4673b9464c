package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Jvm;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule 1: a live task is reachable whatever happens to its handle, also where the JDK forgets
 * virtual threads that nobody can unpark.
 */
class ReachabilityTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Conformance({"LK01", "CU20"})
    void parkedTasksAndBlocksAreKeptWhereTheJdkKeepsNoVirtualThread(boolean jdkTracksThreads)
            throws Exception {
        try (Jvm jvm =
                Jvm.startWith(
                        List.of("-Djdk.trackAllThreads=" + jdkTracksThreads), Program.class)) {
            Jvm.End end = jvm.end();
            assertThat(end.err()).isEmpty();
            assertThat(end.out())
                    .containsExactly(
                            "bare thread " + (jdkTracksThreads ? "kept" : "forgotten"),
                            "task of a service group kept",
                            "task of a foreign thread's block kept",
                            "body of a foreign thread's block kept");
        }
    }

    /** What nobody but the library knows. */
    static final class Program {
        private static final int LOOKS = 20;

        private Program() {}

        public static void main(String[] args) throws Exception {
            WeakReference<Object> bare = parked(body -> Thread.startVirtualThread(body));
            WeakReference<Object> service =
                    parked(body -> ServiceGroup.open("dropped").fork(body::run));
            WeakReference<Object> task =
                    parked(body ->
                            Thread.startVirtualThread(() ->
                                    block(group -> {
                                        group.fork(body::run);
                                        new Semaphore(0).acquire();
                                    })));
            WeakReference<Object> block =
                    parked(body -> Thread.startVirtualThread(() -> block(_ -> body.run())));
            for (int i = 0; i < LOOKS; i++) {
                System.gc();
            }
            say("bare thread", bare);
            say("task of a service group", service);
            say("task of a foreign thread's block", task);
            say("body of a foreign thread's block", block);
            System.exit(0);
        }

        private interface Starter {
            void start(Runnable body);
        }

        /** Of something that only the stack of the thread holds, which waits for good by now. */
        private static WeakReference<Object> parked(Starter starter) throws InterruptedException {
            Object held = new Object();
            CountDownLatch running = new CountDownLatch(1);
            Thread[] on = new Thread[1];
            starter.start(() -> {
                on[0] = Thread.currentThread();
                running.countDown();
                new Semaphore(0).acquireUninterruptibly();
                Reference.reachabilityFence(held);
            });
            Blocked.await(running);
            Blocked.await(on[0]);
            return new WeakReference<>(held);
        }

        private static void block(VoidBlock<InterruptedException> body) {
            try {
                TaskGroup.run(body);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static void say(String what, WeakReference<Object> held) {
            System.out.println(what + (held.get() == null ? " forgotten" : " kept"));
        }
    }
}
