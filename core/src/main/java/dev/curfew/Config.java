package dev.curfew;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one group. Immutable: each {@code with} method returns a changed copy. Handed in
 * as a function from the defaults, as with the JDK's {@code StructuredTaskScope}:
 *
 * {@snippet file="dev/curfew/samples/ApiSamples.java" region="config"}
 */
public final class Config {
    private static final Config BLOCK =
            new Config(null, FailurePolicy.CANCEL_GROUP, null, null, null, null, Context.NONE);
    private static final Config SERVICE =
            new Config(null, FailurePolicy.KEEP_GOING, null, null, null, null, Context.NONE);

    private final @Nullable String name;
    private final FailurePolicy failurePolicy;
    private final @Nullable FailureHandler failureHandler;
    private final @Nullable ThreadFactory threadFactory;
    private final @Nullable Duration patience;
    private final @Nullable Duration redelivery;
    private final Context context;

    private Config(
            @Nullable String name,
            FailurePolicy failurePolicy,
            @Nullable FailureHandler failureHandler,
            @Nullable ThreadFactory threadFactory,
            @Nullable Duration patience,
            @Nullable Duration redelivery,
            Context context) {
        this.name = name;
        this.failurePolicy = failurePolicy;
        this.failureHandler = failureHandler;
        this.threadFactory = threadFactory;
        this.patience = patience;
        this.redelivery = redelivery;
        this.context = context;
    }

    boolean isBlockDefaults() {
        return this == BLOCK;
    }

    static Config blockDefaults() {
        return BLOCK;
    }

    static Config blockDefaults(UnaryOperator<Config> change) {
        return changed(BLOCK, change);
    }

    static Config serviceDefaults() {
        return SERVICE;
    }

    static Config serviceDefaults(UnaryOperator<Config> change) {
        return changed(SERVICE, change);
    }

    private static Config changed(Config defaults, UnaryOperator<Config> change) {
        Objects.requireNonNull(change, "config");
        return Objects.requireNonNull(
                change.apply(defaults), "the function that changes the settings returned null");
    }

    /**
     * Names the group; the names of its tasks' threads, reports and exceptions start with it.
     *
     * @param name the name
     * @return the changed settings
     */
    public Config withName(String name) {
        Objects.requireNonNull(name, "name");
        return new Config(
                name, failurePolicy, failureHandler, threadFactory, patience, redelivery, context);
    }

    /**
     * Says what the failure of a task means for the group. Unless set, a block is cancelled and a
     * {@link ServiceGroup} keeps going.
     *
     * @param policy the policy
     * @return the changed settings
     */
    public Config withFailurePolicy(FailurePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return new Config(
                name, policy, failureHandler, threadFactory, patience, redelivery, context);
    }

    /**
     * Sets who is told of failures that no waiter sees. Unless set, they go to the log.
     *
     * @param handler the handler; it may be called by several threads at the same time
     * @return the changed settings
     */
    public Config withFailureHandler(FailureHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return new Config(
                name, failurePolicy, handler, threadFactory, patience, redelivery, context);
    }

    /**
     * Sets what makes the threads of the group's tasks. Unless set, they are virtual threads. Take
     * {@code Thread.ofPlatform().factory()} for tasks that call code which holds on to its carrier,
     * such as file and process I/O.
     *
     * @param factory the factory; a thread that it returns must be new and not started, and is used
     *     for one task
     * @return the changed settings
     */
    public Config withThreadFactory(ThreadFactory factory) {
        Objects.requireNonNull(factory, "factory");
        return new Config(
                name, failurePolicy, failureHandler, factory, patience, redelivery, context);
    }

    /**
     * Sets how long to wait for cancelled tasks until those that are left are named in the log; the
     * wait goes on after that. Unless set, it is that of the group around, and 10 seconds where
     * there is none.
     *
     * @param patience the time, more than zero
     * @return the changed settings
     * @throws IllegalArgumentException if the time is zero or negative
     */
    public Config withPatience(Duration patience) {
        Objects.requireNonNull(patience, "patience");
        if (!patience.isPositive()) {
            throw new IllegalArgumentException(
                    "the patience must be more than zero, not "
                            + patience
                            + ": it is the time until tasks that will not stop are reported");
        }
        return new Config(
                name, failurePolicy, failureHandler, threadFactory, patience, redelivery, context);
    }

    /**
     * Sets that tasks which were told and have not ended are told again, at this interval, until
     * they have: an interrupt for code that swallowed the first one and blocks again in a call of
     * the JDK's. Off unless set here or in a group around, since every further interrupt may cut
     * clean-up short that is under way; shields hold it back.
     *
     * @param interval the time between two interrupts, more than zero
     * @return the changed settings
     * @throws IllegalArgumentException if the time is zero or negative
     */
    public Config withRedelivery(Duration interval) {
        Objects.requireNonNull(interval, "interval");
        if (!interval.isPositive()) {
            throw new IllegalArgumentException(
                    "the interval of redelivery must be more than zero, not " + interval);
        }
        return new Config(
                name, failurePolicy, failureHandler, threadFactory, patience, interval, context);
    }

    /**
     * Binds a scoped value in each task. It wins over one that is carried. The group's own body, if
     * it has one, runs on its caller's thread and does not see it.
     *
     * @param <T> the value's type
     * @param key the scoped value
     * @param value what it is bound to
     * @return the changed settings
     */
    public <T extends @Nullable Object> Config withScopedValue(ScopedValue<T> key, T value) {
        Objects.requireNonNull(key, "key");
        return with(context.withBound(key, value));
    }

    /**
     * Carries scoped values to the tasks: those of them that the forking thread has bound at the
     * fork are bound to the same in the task. No thread inherits scoped values by itself, and there
     * is no way to ask for all of them: they have to be declared here. Blocks that the tasks open
     * carry them on, and those set with {@link #withScopedValue}; a {@link ServiceGroup} belongs to
     * nothing and does not.
     *
     * {@snippet file="dev/curfew/samples/ContextSamples.java" region="carried"}
     *
     * <p>So a task's values are its forker's, while its cancellation is its group's.
     *
     * @param keys the scoped values, beside those that were declared before
     * @return the changed settings
     */
    public Config withCarried(ScopedValue<?>... keys) {
        return with(context.withCarried(List.of(Objects.requireNonNull(keys, "keys"))));
    }

    /**
     * Adds a carrier of what is no scoped value, for this group and the blocks that its tasks open,
     * after the process-wide ones.
     *
     * @param carrier the carrier
     * @return the changed settings
     */
    public Config withContextCarrier(ContextCarrier carrier) {
        Objects.requireNonNull(carrier, "carrier");
        return with(context.withCarrier(carrier));
    }

    private Config with(Context context) {
        return new Config(
                name, failurePolicy, failureHandler, threadFactory, patience, redelivery, context);
    }

    /**
     * The group's name.
     *
     * @return the name, if one was set
     */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /**
     * What the failure of a task means for the group.
     *
     * @return the policy
     */
    public FailurePolicy failurePolicy() {
        return failurePolicy;
    }

    /**
     * Who is told of failures that no waiter sees.
     *
     * @return the handler, if one was set
     */
    public Optional<FailureHandler> failureHandler() {
        return Optional.ofNullable(failureHandler);
    }

    /**
     * What makes the threads of the group's tasks.
     *
     * @return the factory, if one was set
     */
    public Optional<ThreadFactory> threadFactory() {
        return Optional.ofNullable(threadFactory);
    }

    /**
     * How long to wait for cancelled tasks until they are reported.
     *
     * @return the time, if it was set; otherwise it is that of the group around, or 10 seconds
     */
    public Optional<Duration> patience() {
        return Optional.ofNullable(patience);
    }

    /**
     * How often tasks that were told and have not ended are told again.
     *
     * @return the interval, if it was set; otherwise it is that of the group around, or never
     */
    public Optional<Duration> redelivery() {
        return Optional.ofNullable(redelivery);
    }

    @Nullable Duration redeliveryOrNull() {
        return redelivery;
    }

    /**
     * The scoped values that are carried to the tasks.
     *
     * @return those declared in these settings
     */
    public List<ScopedValue<?>> carried() {
        return context.carried();
    }

    /**
     * What else is carried to the tasks.
     *
     * @return the carriers of these settings
     */
    public List<ContextCarrier> contextCarriers() {
        return context.carriers();
    }

    Context context() {
        return context;
    }

    @Nullable String nameOrNull() {
        return name;
    }

    @Nullable FailureHandler failureHandlerOrNull() {
        return failureHandler;
    }

    @Nullable ThreadFactory threadFactoryOrNull() {
        return threadFactory;
    }

    @Nullable Duration patienceOrNull() {
        return patience;
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "Config[name="
                + (name == null ? "unset" : Text.harmless(name))
                + ", failurePolicy="
                + failurePolicy
                + ", failureHandler="
                + (failureHandler == null ? "unset" : "set")
                + ", threadFactory="
                + (threadFactory == null ? "unset" : "set")
                + ", patience="
                + (patience == null ? "unset" : patience)
                + ", redelivery="
                + (redelivery == null ? "unset" : redelivery)
                + "]";
    }
}
