package dev.curfew;

import dev.curfew.internal.time.Nanos;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one group: its own configuration, and where that is silent what holds around it.
 * Immutable; groups with nothing of their own share the object of the group around them.
 *
 * @param context null if there is nothing to carry
 * @param redeliveryNanos 0 if nothing is redelivered
 */
record Settings(
        Config config,
        Threads threads,
        @Nullable Context context,
        long patienceNanos,
        long redeliveryNanos) {
    private static final long PATIENCE = 10_000_000_000L;

    private static final Settings OUTERMOST = compute(Config.blockDefaults(), null);

    static Settings of(Config config, @Nullable Settings around) {
        Settings inherited = around == null ? OUTERMOST : around;
        return config == inherited.config && config.isBlockDefaults()
                ? inherited
                : compute(config, around);
    }

    private static Settings compute(Config config, @Nullable Settings around) {
        Duration patience = config.patienceOrNull();
        Duration interval = config.redeliveryOrNull();
        return new Settings(
                config,
                Threads.by(config.threadFactoryOrNull()),
                config.context().effective(around == null ? null : around.context),
                patience != null ? Nanos.of(patience) : patience(around),
                interval != null
                        ? Nanos.of(interval)
                        : around == null ? 0 : around.redeliveryNanos);
    }

    /** The patience that holds around a group, or where there is none. */
    static long patience(@Nullable Settings around) {
        return around == null ? PATIENCE : around.patienceNanos;
    }
}
