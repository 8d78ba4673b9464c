package dev.curfew.cli.tour;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tour for programs: every event with its time, and the verdicts. */
final class TourJson {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private TourJson() {}

    record Document(String jdk, int processors, List<SceneJson> scenes) {}

    record SceneJson(
            String name,
            String title,
            @Nullable String notRun,
            @Nullable HalfJson java,
            @Nullable HalfJson curfew) {}

    record HalfJson(List<Event> events, boolean good, String verdict) {}

    static String write(List<Tour.Played> scenes) {
        return GSON.toJson(
                new Document(
                        Runtime.version().toString(),
                        Runtime.getRuntime().availableProcessors(),
                        scenes.stream().map(TourJson::scene).toList()));
    }

    static Document read(String json) {
        return GSON.fromJson(json, Document.class);
    }

    private static SceneJson scene(Tour.Played played) {
        return new SceneJson(
                played.scene().name(),
                played.scene().title(),
                played.obstacle(),
                half(played.java()),
                half(played.curfew()));
    }

    private static @Nullable HalfJson half(Tour.@Nullable Half half) {
        return half == null
                ? null
                : new HalfJson(half.trace().events(), half.verdict().good(), half.verdict().text());
    }
}
