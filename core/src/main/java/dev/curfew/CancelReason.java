package dev.curfew;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a task, a group or a scope was cancelled: the record of the first request to it. Later
 * requests to it do not change that. Where what is around it is cancelled too, also later, the
 * outermost cancellation in force is the one that counts: for its outcome, and for what it is told
 * from then on.
 *
 * <p>A reason is immutable and may be kept and handed around. In a serialized copy {@link
 * #requester()} is empty; {@link #requestedBy()} still names the task.
 */
public final class CancelReason implements Serializable {
    @Serial private static final long serialVersionUID = 1L;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    /** What sort of event asked for the cancellation. */
    public enum Kind {
        /** Somebody called {@code cancel}, {@code cancelAndJoin} or one of their kin. */
        REQUESTED,

        /** A deadline passed. */
        TIMED_OUT,

        /** Another task of the group failed, and the group's policy is to stop then. */
        SIBLING_FAILED,

        /** The body of the block threw. */
        BODY_FAILED,

        /** The group was closed, or its block has ended. */
        GROUP_CLOSED,

        /** The program is being shut down. */
        SHUTDOWN,

        /** A thread that waited was interrupted by code outside the library. */
        INTERRUPTED
    }

    private final Kind kind;
    private final String message;
    private final transient @Nullable Task<?> requester;
    private final String requestedBy;
    private final Instant when;
    private final @Nullable Throwable cause;
    private final transient @Nullable Site site;

    /** Null until it was asked for; any thread may compute it, all come to the same. */
    private StackTraceElement @Nullable [] where;

    private CancelReason(
            Kind kind,
            String message,
            @Nullable Task<?> requester,
            String requestedBy,
            @Nullable Throwable cause,
            @Nullable Site site) {
        this.kind = kind;
        this.message = message;
        this.requester = requester;
        this.requestedBy = requestedBy;
        this.when = Instant.now();
        this.cause = cause;
        this.site = site;
    }

    /** A reason of now. */
    static CancelReason of(
            Kind kind,
            String message,
            @Nullable Task<?> requester,
            String requestedBy,
            @Nullable Throwable cause,
            @Nullable Site site) {
        return new CancelReason(kind, message, requester, requestedBy, cause, site);
    }

    /**
     * What sort of event it was.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * What the request said, as it was given to {@code cancel(String)}.
     *
     * @return the text, empty if there was none
     */
    public String message() {
        return message;
    }

    /**
     * Who asked, for people to read: {@code task checkout/fetch} or {@code thread main}.
     *
     * @return the text
     */
    public String requestedBy() {
        return requestedBy;
    }

    /**
     * The task that asked, if it was one.
     *
     * @return the task; empty if a thread outside any task asked, or nobody did (a deadline)
     */
    public Optional<Task<?>> requester() {
        return Optional.ofNullable(requester);
    }

    /**
     * When the request was made, by the system's clock.
     *
     * @return the time
     */
    public Instant when() {
        return when;
    }

    /**
     * The failure that the group is being cancelled for, with kinds {@link Kind#SIBLING_FAILED} and
     * {@link Kind#BODY_FAILED}.
     *
     * @return the failure, or empty with the other kinds
     */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    /**
     * The stack of the thread that asked, innermost frame first, without the library's own frames.
     * It is taken when somebody calls one of the {@code cancel} methods or {@code close}, and not
     * for what the library asks for itself (a deadline, a failure). It costs some 0.3 to 1 µs, so
     * in a rush of requests only some are taken: 64 at once, then about a hundred a second. {@code
     * -Ddev.curfew.sites=full} takes all, {@code off} none.
     *
     * @return an immutable list, empty where the stack was not taken
     */
    public List<StackTraceElement> where() {
        StackTraceElement[] frames = where;
        if (frames == null) {
            frames = site == null ? new StackTraceElement[0] : site.frames();
            where = frames;
        }
        return List.of(frames);
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        where = where().toArray(StackTraceElement[]::new);
        out.defaultWriteObject();
    }

    /**
     * The reason in one line, for messages and logs. Control characters are replaced, long texts
     * are cut. The time is local, to the millisecond.
     *
     * @return for example {@code REQUESTED "user left" by task checkout/fetch at 12:00:01.123}
     */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder().append(kind);
        if (!message.isEmpty()) {
            s.append(" \"").append(Text.harmless(message)).append('"');
        }
        if (!requestedBy.isEmpty()) {
            s.append(" by ").append(Text.harmless(requestedBy));
        }
        s.append(" at ").append(TIME.format(LocalTime.ofInstant(when, ZoneId.systemDefault())));
        if (cause != null) {
            s.append(" because of ").append(Text.describe(cause));
        }
        return s.toString();
    }
}
