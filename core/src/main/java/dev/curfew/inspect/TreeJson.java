package dev.curfew.inspect;

import dev.curfew.internal.report.Harmless;
import java.time.Duration;
import java.util.Locale;

/** The tree as JSON. Flat, with each entry's parent: readers limit how deep JSON may nest. */
final class TreeJson {
    private TreeJson() {}

    static String of(TaskTree tree) {
        JsonWriter json = new JsonWriter().begin('{');
        json.text("schema", "curfew-tree/1")
                .text("taken", tree.taken().toString())
                .number("pid", ProcessHandle.current().pid())
                .text("jdk", Runtime.version().toString())
                .list("entries", tree.entries(), TreeJson::entry);
        return json.end('}').toString();
    }

    private static void entry(JsonWriter json, Entry e) {
        json.begin('{')
                .text("id", e.id())
                .optional("parent", e.parent(), JsonWriter::value)
                .number("depth", e.depth())
                .text("kind", word(e.kind()))
                .text("name", e.name())
                .text("state", word(e.state()))
                .optional("ageMillis", e.age(), TreeJson::millis)
                .optional("leftMillis", e.left(), TreeJson::millis);
        if (e.kind() == Entry.Kind.GROUP || e.kind() == Entry.Kind.SERVICE_GROUP) {
            json.number("tasks", e.tasks());
        }
        json.optional("cancellation", e.cancellation(), TreeJson::cancellation);
        if (e.shielded()) {
            json.key("shielded").value(true);
        }
        json.optional("waiting", e.waiting(), TreeJson::waiting);
        if (!e.awaitedBy().isEmpty()) {
            json.list("awaitedBy", e.awaitedBy(), JsonWriter::value);
        }
        json.optional("origin", e.origin(), TreeJson::frame).end('}');
    }

    private static void cancellation(JsonWriter json, Cancellation c) {
        json.begin('{')
                .text("kind", c.kind().name())
                .text("message", c.message())
                .optional("cause", c.cause(), JsonWriter::value)
                .text("requestedBy", c.requestedBy())
                .text("requested", c.requested().toString())
                .key("ageMillis");
        millis(json, c.age());
        json.optional(
                        "toldAfterMicros",
                        c.toldAfter(),
                        (j, after) -> j.value(after.toNanos() / 1_000))
                .list("where", c.where(), TreeJson::frame)
                .end('}');
    }

    private static void waiting(JsonWriter json, Waiting w) {
        json.begin('{')
                .text("thread", w.thread().name())
                .optional("on", w.on(), JsonWriter::value)
                .optional("onId", w.onId(), JsonWriter::value)
                .optional("frame", w.frame(), TreeJson::frame)
                .optional("call", w.call(), TreeJson::frame)
                .optional("lock", w.lock(), JsonWriter::value)
                .optional("lockOwner", w.lockOwner(), JsonWriter::value)
                .optional(
                        "advice",
                        w.advice(),
                        (j, a) ->
                                j.begin('{')
                                        .text("id", a.id())
                                        .text("text", a.text())
                                        .key("deaf")
                                        .value(a.deaf())
                                        .end('}'))
                .list("stack", w.stack(), TreeJson::frame)
                .end('}');
    }

    private static void frame(JsonWriter json, StackTraceElement frame) {
        json.value(Harmless.of(frame.toString()));
    }

    private static void millis(JsonWriter json, Duration time) {
        json.value(time.toMillis());
    }

    /** {@code SERVICE_GROUP} as {@code service-group}. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
