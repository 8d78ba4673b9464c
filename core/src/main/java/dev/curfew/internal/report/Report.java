package dev.curfew.internal.report;

import java.lang.System.Logger.Level;
import java.util.Locale;

/** What there is to report, and how loudly. */
public enum Report {
    /** A task was asked to stop and has not been told within the patience, or cannot be. */
    STUCK(Level.WARNING),

    /** A task was told to stop and has not ended within the patience. */
    CLEANUP_SLOW(Level.WARNING),

    /** A shield has held a request to stop back for longer than the patience. */
    SHIELD_LONG(Level.WARNING),

    /** A task was told to stop and ended with a value. */
    ABSORBED(Level.INFO),

    /** A cancel hook threw. */
    HOOK_FAILED(Level.WARNING),

    /** A listener threw: to a task's end, or a process-wide one. */
    LISTENER_FAILED(Level.WARNING),

    /** A failure handler threw; the failure that it was told of is reported with it. */
    HANDLER_FAILED(Level.ERROR),

    /** A task failed, and nobody has read its outcome. */
    FAILURE_UNREAD(Level.ERROR),

    /** A service group has become unreachable without having been closed. */
    GROUP_FORGOTTEN(Level.WARNING),

    /** A service group was abandoned, and tasks of it go on. */
    GROUP_ABANDONED(Level.WARNING),

    /** As many hooks block as there may be threads for them; the next ones wait. */
    HOOKS_EXHAUSTED(Level.WARNING),

    /** As many listeners run as there may be threads for them; the next ones wait. */
    LISTENERS_EXHAUSTED(Level.WARNING),

    /** Clean-up threw in code that was cancelled, and nobody is handed what it threw. */
    CLEANUP_FAILED(Level.WARNING),

    /** As many interrupts block as there may be threads for them; the next ones wait. */
    INTERRUPTS_EXHAUSTED(Level.WARNING),

    /** An interrupt that is being sent has not returned for long. */
    INTERRUPT_BLOCKED(Level.WARNING),

    /** Sending an interrupt threw: a channel's close does that. */
    INTERRUPT_FAILED(Level.WARNING),

    /** An extension could not be started. */
    EXTENSION_FAILED(Level.WARNING),

    /** A system property of the library's is set to what it cannot be. */
    SETTING_UNKNOWN(Level.WARNING),

    /** A context carrier threw when it was to clear a task's thread. */
    CARRIER_FAILED(Level.WARNING),

    /** A process-wide service, a context carrier or a listener, could not be loaded. */
    SERVICE_FAILED(Level.ERROR),

    /** A defect of the library's. */
    INTERNAL(Level.ERROR);

    private final Level level;
    private final boolean on;

    Report(Level level) {
        this.level = level;
        this.on = !"off".equals(System.getProperty("dev.curfew.warn." + key()));
    }

    /** How documentation and system properties name it: {@code cleanup-slow}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is wanted: {@code -Ddev.curfew.warn.cleanup-slow=off} switches it off. */
    public boolean on() {
        return on;
    }

    /** The level in the log. */
    public Level level() {
        return level;
    }
}
