package dev.curfew;

import dev.curfew.internal.time.Nanos;
import dev.curfew.internal.tree.Cancelling;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;

/**
 * A group that lives as long as an object: a field, closed by the {@code close()} of its owner. Any
 * thread may fork into it, cancel it and close it.
 *
 * {@snippet file="dev/curfew/samples/ApiSamples.java" region="service"}
 *
 * <p>It goes on when a task fails, unless {@link FailurePolicy#CANCEL_GROUP} is set: each failure
 * is told to its {@link FailureHandler}, or the log, at once. {@link #cancel(String)} stops the
 * tasks that it has; it stays open.
 *
 * <p>It belongs to nothing: opened in a task, it does not end with that task. One that has become
 * unreachable, without tasks and without having been closed, is reported with the place where it
 * was opened.
 *
 * <p>It is no {@link AutoCloseable}: {@code try (var group = ServiceGroup.open(...))} would cancel
 * at the brace what every Java developer expects to be waited for. {@link TaskGroup#run} waits.
 */
public final class ServiceGroup implements TaskGroup {

    private final ServiceCore core;
    private final Forgotten forgotten;

    private ServiceGroup(Config config) {
        this.core = new ServiceCore(this, config);
        this.forgotten = Forgotten.watch(this, core, core.name());
    }

    /**
     * Opens a group.
     *
     * @param name what it is for; the names of its tasks start with it
     * @return the group, to be closed by its owner
     */
    public static ServiceGroup open(String name) {
        return open(name, config -> config);
    }

    /**
     * Opens a group with settings.
     *
     * @param name what it is for; the names of its tasks start with it
     * @param config changes the default settings
     * @return the group, to be closed by its owner
     */
    public static ServiceGroup open(String name, UnaryOperator<Config> config) {
        Objects.requireNonNull(name, "name");
        return new ServiceGroup(Config.serviceDefaults(config).withName(name));
    }

    /**
     * Refuses new tasks from now on, cancels those that it has, and waits until all have ended.
     * Throws no task's failure. The wait is not cancellable; the caller's cancellation or interrupt
     * stays pending, and what will not stop is named in the log after the patience. Any number of
     * threads may call this, any number of times; each returns after the end.
     *
     * @throws WaitCycleException if the caller is one of the group's tasks (one of its listeners or
     *     the failure handler, on its thread, included), or waits for one that waits for the
     *     caller; then nothing is closed or cancelled
     */
    public void close() {
        if (core.ended()) {
            forgotten.closed();
            return;
        }
        CancelReason reason = Reasons.requested(CancelReason.Kind.GROUP_CLOSED, "");
        Managed.awaitQuietly(
                List.of(core),
                Nanos.NEVER,
                () -> {
                    forgotten.closed();
                    core.shut(reason, Cancelling.By.CALLER);
                });
    }

    /**
     * Ends the group step by step: refuses new tasks, lets those that it has finish, cancels what
     * is left after the drain, and waits for that no longer than the patience. Any number of
     * threads may call this, and {@link #close()}, at the same time.
     *
     * {@snippet file="dev/curfew/samples/RolesSamples.java" region="shutdown"}
     *
     * <p>Not ended by a cancellation or interrupt of the caller, but that cuts the drain short; it
     * stays pending. Tasks that are left stay owned by the group: call this or {@link #close()}
     * again to wait on, or {@link #abandon()}.
     *
     * @param drain how long tasks may go on as if nothing had happened, zero or more
     * @param patience how long to wait for them once they have been asked to stop, zero or more
     * @return what came of the tasks
     * @throws IllegalArgumentException if one of the times is negative
     * @throws WaitCycleException like {@link #close()}; then nothing is closed or cancelled
     */
    public ShutdownReport shutdown(Duration drain, Duration patience) {
        return Shutdown.run(core, drain, patience, forgotten::closed);
    }

    /**
     * Stops waiting for tasks that will not stop, after {@link #shutdown} or {@link #close()} has
     * cancelled them: the group counts as ended, and whoever waits for that goes on. This is the
     * one way in which a task outlives its group, and is reported in the log with their names. They
     * stay listed by the library until they end.
     *
     * @throws IllegalStateException if the group has not been closed or shut down before
     */
    public void abandon() {
        Shutdown.abandon(core);
    }

    ServiceCore core() {
        return core;
    }

    @Override
    public boolean cancel(String why) {
        Objects.requireNonNull(why, "why");
        return core.stopPresent(Reasons.requested(CancelReason.Kind.REQUESTED, why));
    }

    @Override
    public ExecutorService asExecutorService() {
        return new GroupExecutor(core);
    }

    @Override
    public Optional<CancelReason> reason() {
        return Optional.ofNullable(core.stopped());
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "ServiceGroup["
                + Text.harmless(name())
                + (core.ended() ? ", closed" : ", " + core.live() + " tasks")
                + "]";
    }
}
