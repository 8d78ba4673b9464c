package dev.curfew.inspect;

import dev.curfew.CancelReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An entry that a test makes up, part by part. */
final class Sketch {
    static final Instant TAKEN = Instant.parse("2026-01-01T00:00:00Z");

    static final StackTraceElement FRAME =
            new StackTraceElement("com.example.Poller", "poll", "Poller.java", 7);
    static final StackTraceElement CALL =
            new StackTraceElement("java.util.concurrent.Queue", "take", "Queue.java", 3);

    private final Entry.Kind kind;
    private final String id;
    private final Optional<String> parent;
    private String name = "";
    private Entry.State state = Entry.State.RUNNING;
    private Optional<Duration> age = Optional.empty();
    private Optional<Duration> left = Optional.empty();
    private int tasks;
    private Optional<Cancellation> cancellation = Optional.empty();
    private boolean shielded;
    private Optional<Waiting> waiting = Optional.empty();
    private List<String> awaitedBy = List.of();
    private Optional<StackTraceElement> origin = Optional.empty();

    private Sketch(Entry.Kind kind, String id, Optional<String> parent) {
        this.kind = kind;
        this.id = id;
        this.parent = parent;
    }

    static Sketch root(Entry.Kind kind, String id) {
        return new Sketch(kind, id, Optional.empty());
    }

    static Sketch of(Entry.Kind kind, String id, String parent) {
        return new Sketch(kind, id, Optional.of(parent));
    }

    Sketch name(String value) {
        name = value;
        return this;
    }

    Sketch state(Entry.State value) {
        state = value;
        return this;
    }

    Sketch age(long millis) {
        age = Optional.of(Duration.ofMillis(millis));
        return this;
    }

    Sketch left(long millis) {
        left = Optional.of(Duration.ofMillis(millis));
        return this;
    }

    Sketch tasks(int value) {
        tasks = value;
        return this;
    }

    /** Asked 1,500 ms ago; told so many milliseconds later, or not if negative. */
    Sketch asked(String why, long toldAfter) {
        cancellation =
                Optional.of(
                        new Cancellation(
                                CancelReason.Kind.REQUESTED,
                                why,
                                Optional.empty(),
                                "main",
                                TAKEN.minusMillis(1_500),
                                Duration.ofMillis(1_500),
                                toldAfter < 0
                                        ? Optional.empty()
                                        : Optional.of(Duration.ofMillis(toldAfter)),
                                List.of(FRAME)));
        return this;
    }

    Sketch because(String failure) {
        Cancellation c = cancellation.orElseThrow();
        cancellation =
                Optional.of(
                        new Cancellation(
                                c.kind(),
                                c.message(),
                                Optional.of(failure),
                                c.requestedBy(),
                                c.requested(),
                                c.age(),
                                c.toldAfter(),
                                c.where()));
        return this;
    }

    Sketch shielded() {
        shielded = true;
        return this;
    }

    Sketch awaitedBy(String... values) {
        awaitedBy = List.of(values);
        return this;
    }

    Sketch origin() {
        origin = Optional.of(FRAME);
        return this;
    }

    Sketch on(String what, Optional<String> itsId, Optional<StackTraceElement> frame) {
        waiting =
                Optional.of(
                        waiting(
                                Optional.of(what),
                                itsId,
                                frame,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        return this;
    }

    Sketch at(Optional<StackTraceElement> frame, Optional<StackTraceElement> call) {
        waiting =
                Optional.of(
                        waiting(
                                Optional.empty(),
                                Optional.empty(),
                                frame,
                                call,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        return this;
    }

    Sketch locked(Optional<String> lock, Optional<String> owner, Optional<Advice> advice) {
        waiting =
                Optional.of(
                        waiting(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(FRAME),
                                Optional.of(CALL),
                                lock,
                                owner,
                                advice));
        return this;
    }

    Sketch stack(int frames) {
        List<StackTraceElement> stack = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            stack.add(FRAME);
        }
        Waiting w = waiting.orElseThrow();
        waiting =
                Optional.of(
                        new Waiting(
                                w.thread(),
                                w.on(),
                                w.onId(),
                                w.frame(),
                                w.call(),
                                w.lock(),
                                w.lockOwner(),
                                w.advice(),
                                stack));
        return this;
    }

    Sketch runnable() {
        waiting =
                Optional.of(
                        new Waiting(
                                Thread.State.RUNNABLE,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of()));
        return this;
    }

    private static Waiting waiting(
            Optional<String> on,
            Optional<String> onId,
            Optional<StackTraceElement> frame,
            Optional<StackTraceElement> call,
            Optional<String> lock,
            Optional<String> owner,
            Optional<Advice> advice) {
        return new Waiting(
                Thread.State.WAITING, on, onId, frame, call, lock, owner, advice, List.of());
    }

    Entry entry() {
        return new Entry(
                kind,
                id,
                parent,
                0,
                name,
                state,
                age,
                left,
                tasks,
                cancellation,
                shielded,
                waiting,
                awaitedBy,
                origin);
    }

    static TaskTree tree(Sketch... sketches) {
        List<Entry> entries = new ArrayList<>();
        for (Sketch s : sketches) {
            entries.add(s.entry());
        }
        return new TaskTree(TAKEN, entries);
    }
}
