package dev.curfew.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.curfew.CancelReason;
import org.jspecify.annotations.Nullable;

/** The run as one JSON document; {@code docs/run.md} describes it. */
final class RunJson {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

    private RunJson() {}

    static String of(Run run, int exitCode) {
        JsonObject document = new JsonObject();
        document.addProperty("exitCode", exitCode);
        document.addProperty("stoppedBy", run.stoppedBy());
        document.addProperty("seconds", seconds(run.nanos()));
        JsonArray commands = new JsonArray();
        run.commands().forEach(c -> commands.add(command(c)));
        document.add("commands", commands);
        return GSON.toJson(document) + "\n";
    }

    private static JsonObject command(CommandTask c) {
        JsonObject o = new JsonObject();
        o.addProperty("name", c.name());
        o.addProperty("command", c.command());
        o.addProperty("outcome", c.outcome());
        Posix.Exit exit = c.exit();
        o.addProperty("exitCode", exit == null ? null : exit.code());
        o.addProperty("signal", exit == null || !exit.signalled() ? null : exit.code() - 128);
        o.addProperty("seconds", seconds(c.nanos()));
        o.addProperty("stoppedInSeconds", seconds(c.stoppingNanos()));
        o.add("cancelled", reason(c));
        o.addProperty("problem", c.problem());
        JsonArray left = new JsonArray();
        for (ProcTable.Entry e : c.leftBehind()) {
            JsonObject process = new JsonObject();
            process.addProperty("pid", e.pid());
            process.addProperty("command", e.command());
            left.add(process);
        }
        o.add("leftBehind", left);
        return o;
    }

    private static JsonElement reason(CommandTask c) {
        CancelReason r = c.cancelledFor();
        if (r == null) {
            return JsonNull.INSTANCE;
        }
        JsonObject o = new JsonObject();
        o.addProperty("kind", r.kind().name());
        o.addProperty("why", c.why());
        o.addProperty("at", r.when().toString());
        return o;
    }

    private static @Nullable Double seconds(@Nullable Long nanos) {
        return nanos == null ? null : Math.round(nanos / 1e6) / 1e3;
    }
}
