package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who waits for what he cancels may send the interrupt himself, and then the close of the target's
 * channel runs on his thread. It must not take his own cancellation.
 */
class InlineInterruptTest {

    /** A channel that looks whether it is being cancelled while it is closed. */
    private static final class Looking extends AbstractInterruptibleChannel {
        final CountDownLatch inside = new CountDownLatch(1);
        final VoidWork<?> look;
        final List<Throwable> seen = new CopyOnWriteArrayList<>();

        Looking(VoidWork<?> look) {
            this.look = look;
        }

        void block() throws IOException {
            boolean done = false;
            begin();
            try {
                inside.countDown();
                while (isOpen()) {
                    LockSupport.park(this);
                }
                done = true;
            } finally {
                end(done);
            }
        }

        @Override
        protected void implCloseChannel() {
            try {
                look.run();
            } catch (Exception e) {
                seen.add(e);
            }
        }
    }

    /** What the close of a channel may do: a checkpoint, a managed wait, a scope, a block. */
    private enum Look {
        CHECKPOINT(CancelScope::checkpoint),
        SLEEP(() -> CancelScope.sleep(Duration.ofNanos(1))),
        SCOPE(() -> CancelScope.withTimeout(Duration.ofMinutes(1), CancelScope::checkpoint)),
        BLOCK(() -> TaskGroup.run(group -> group.fork(CancelScope::checkpoint)));

        final VoidWork<?> work;

        Look(VoidWork<?> work) {
            this.work = work;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC05")
    void aClosedChannelDoesNotTakeTheCancellationOfWhoCancelsAndJoins(Look look) throws Exception {
        Looking channel = new Looking(look.work);
        TaskGroup.run(group -> {
            Task<?> target = group.fork(channel::block);
            Blocked.await(channel.inside);
            Task<?> caller =
                    group.fork(() -> {
                        Task.current().orElseThrow().cancel("the caller's own");
                        target.cancelAndJoin();
                        fail("the caller's cancellation was lost");
                    });
            assertThat(caller.join())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("the caller's own"));
            assertThat(target.outcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(channel.seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Conformance("AC05")
    void aClosedChannelDoesNotTakeTheCancellationOfWhoClosesAServiceGroup(Kind kind)
            throws Exception {
        Looking channel = new Looking(CancelScope::checkpoint);
        ServiceGroup service = ServiceGroup.open("service");
        service.fork(channel::block);
        Blocked.await(channel.inside);
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        scope.cancel();
                        service.close();
                        CancelScope.checkpoint();
                        fail("the closer's cancellation was lost");
                    });
            assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        });
        assertThat(channel.seen).isEmpty();
    }

    /** The end of a block helps to send; of so many it sends some, while the senders begin. */
    @ParameterizedTest
    @EnumSource
    @Conformance("AC05")
    void closedChannelsDoNotTakeTheCancellationOfWhoWaitsAtTheEndOfABlock(Kind kind)
            throws Exception {
        AtomicReference<CancelScope> around = new AtomicReference<>();
        Looking[] channels = new Looking[200];
        Arrays.setAll(
                channels,
                _ ->
                        new Looking(() -> {
                            around.get().cancel("the owner's own");
                            CancelScope.checkpoint();
                        }));
        kind.run(() -> {
            Outcome<?> outcome =
                    CancelScope.run(scope -> {
                        around.set(scope);
                        try {
                            TaskGroup.run(group -> failAmong(group, channels));
                        } catch (IllegalStateException ofTheBody) {
                            CancelScope.checkpoint();
                        }
                        fail("the owner's cancellation was lost");
                    });
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            c -> assertThat(c.reason().message()).isEqualTo("the owner's own"));
        });
        assertThat(channels).allSatisfy(channel -> assertThat(channel.seen).isEmpty());
    }

    private static void failAmong(TaskGroup group, Looking[] channels) throws InterruptedException {
        for (Looking channel : channels) {
            group.fork(channel::block);
            Blocked.await(channel.inside);
        }
        throw new IllegalStateException("the body's");
    }
}
