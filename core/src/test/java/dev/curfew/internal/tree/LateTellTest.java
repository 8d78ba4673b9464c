package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.CancelScope;
import dev.curfew.CancelledException;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.internal.delivery.Batch;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A canceller that marks, and tells only when the owner delivers the cancellation to itself. */
@Timeout(60)
class LateTellTest {

    /** Has something happen when its own code next looks at its interrupt status. */
    private static final class Owner extends Thread {
        private @Nullable Runnable atLook;

        /** The same, between the look and what is made of it. */
        private @Nullable Runnable afterLook;

        /** How often it was interrupted. */
        private final AtomicInteger sent = new AtomicInteger();

        Owner(Runnable body) {
            super(body);
        }

        @Override
        public void interrupt() {
            super.interrupt();
            sent.incrementAndGet();
        }

        @Override
        public boolean isInterrupted() {
            Runnable act = atLook;
            if (Thread.currentThread() == this && act != null) {
                atLook = null;
                act.run();
            }
            boolean interrupted = super.isInterrupted();
            act = afterLook;
            if (Thread.currentThread() == this && act != null) {
                afterLook = null;
                act.run();
            }
            return interrupted;
        }
    }

    private static void tellFromAnotherThread(Strand strand, boolean repeated) {
        Thread canceller =
                new Thread(() -> {
                    Batch batch = new Batch();
                    strand.tell(repeated, batch);
                    batch.send();
                });
        canceller.start();
        while (canceller.isAlive()) {
            Thread.onSpinWait(); // a join would consume the interrupt status
        }
    }

    @Test
    @Conformance("CU23")
    void whatIsDeliveredAtACheckpointIsNotSentAnyMore() throws Exception {
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        new Owner(
                        () -> {
                            try {
                                result.complete(body());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        })
                .start();
        assertThat(result.get(30, TimeUnit.SECONDS)).containsExactly("told", "clear", "clear");
    }

    private static List<String> body() throws InterruptedException {
        List<String> events = new ArrayList<>();
        Owner self = (Owner) Thread.currentThread();
        var unused =
                CancelScope.run(scope -> {
                    CancelScope.shield(() -> assertThat(scope.cancel()).isTrue());
                    self.atLook = () -> tellFromAnotherThread(Strand.current(), false);
                    try {
                        CancelScope.checkpoint();
                    } catch (CancelledException e) {
                        events.add("told");
                    }
                    events.add(self.isInterrupted() ? "told twice" : "clear");
                });
        events.add(self.isInterrupted() ? "an interrupt strays" : "clear");
        return events;
    }

    @Test
    @Conformance("CU24")
    void anOuterCancellationThatComesWhileAnInnerOnesInterruptIsTakenBackIsTold() throws Exception {
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        Owner owner =
                new Owner(() -> {
                    try {
                        result.complete(nested());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        owner.setDaemon(true);
        owner.start();
        assertThat(result.get(10, TimeUnit.SECONDS)).containsExactly("left", "told", "clear");
    }

    private static List<String> nested() throws InterruptedException {
        List<String> events = new ArrayList<>();
        Owner self = (Owner) Thread.currentThread();
        var unused =
                CancelScope.run(outer -> {
                    CancelScope.run(inner -> {
                        CancelScope.shield(() -> assertThat(inner.cancel()).isTrue());
                        self.atLook = () -> cancelFromAnotherThread(outer, self);
                    });
                    events.add("left");
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        events.add("told");
                    }
                });
        events.add(self.isInterrupted() ? "an interrupt strays" : "clear");
        return events;
    }

    @Test
    @Conformance("CU26")
    void anInterruptThatIsSentOnceMoreAtTheEntryOfAShieldShowsBehindIt() throws Exception {
        List<String> events = new ArrayList<>();
        TaskGroup.run(
                config -> config.withThreadFactory(Owner::new),
                group -> {
                    CountDownLatch started = new CountDownLatch(1);
                    Task<?> task =
                            group.fork(() -> {
                                started.countDown();
                                toldOnceMore(events);
                            });
                    Blocked.await(started);
                    task.cancel();
                    task.join();
                });
        assertThat(events).containsExactly("told", "held back", "told again", "clear");
    }

    private static void toldOnceMore(List<String> events) throws InterruptedException {
        Owner self = (Owner) Thread.currentThread();
        try {
            Blocked.forEver();
        } catch (InterruptedException e) {
            events.add("told");
        }
        self.afterLook = () -> tellFromAnotherThread(Strand.current(), true);
        CancelScope.shield(() -> events.add(self.isInterrupted() ? "in a shield" : "held back"));
        try {
            Thread.sleep(0);
        } catch (InterruptedException e) {
            events.add("told again");
        }
        CancelScope.shield(() -> {});
        events.add(self.isInterrupted() ? "an interrupt strays" : "clear");
    }

    /** Returns when the owner was interrupted for it, if it is. */
    private static void cancelFromAnotherThread(CancelScope scope, Owner owner) {
        int before = owner.sent.get();
        Thread canceller = new Thread(() -> scope.cancel());
        canceller.start();
        long end = System.nanoTime() + 1_000_000_000L;
        while (canceller.isAlive() || (owner.sent.get() == before && System.nanoTime() < end)) {
            Thread.onSpinWait(); // a join would consume the interrupt status
        }
    }
}
